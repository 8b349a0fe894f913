//! The reference page of all sources, written from what they say of themselves.

use std::fmt::Write as _;

use watchfire_core::source::{About, CredentialKind};

use super::all;

/// Renders `docs/reference/sources.md`.
pub fn render() -> String {
    let mut page = String::from(
        "# Sources\n\nWritten by `cargo xtask generate` from the sources themselves. `{base_url}`, `{url}`, `{key}` and `{secret}` are shown filled in by \
         `watchfire source add` and on the console's page of the source.\n\n\
         | kind | what | verified by | body at most |\n| --- | --- | --- | --- |\n",
    );
    let sources = all();
    for source in sources.values() {
        let about = source.about();
        line(
            &mut page,
            format_args!(
                "| [`{}`](#{}) | {} | {} | {} MiB |",
                about.kind,
                about.kind,
                about.title,
                credential(about.credential),
                about.body_bytes_max / (1024 * 1024)
            ),
        );
    }
    for source in sources.values() {
        section(&mut page, source.about());
    }
    page
}

fn section(page: &mut String, about: &About) {
    line(page, format_args!("\n## {}\n\n**{}** ({}). {}", about.kind, about.title, about.family.title(), about.summary));
    line(page, format_args!("Format: <{}>\n\n### Set-up of {}\n", about.reference, about.kind));
    line(page, format_args!("{}", about.setup.trim_end()));
    line(page, format_args!("\n### Severities of {}\n\n| theirs | ours |\n| --- | --- |", about.kind));
    for (theirs, ours) in about.severities {
        line(page, format_args!("| {theirs} | {ours} |"));
    }
    if !about.settings.is_empty() {
        line(page, format_args!("\n### Settings of {}\n\n| setting | what it is |\n| --- | --- |", about.kind));
        for (name, what) in about.settings {
            line(page, format_args!("| `{name}` | {what} |"));
        }
    }
}

fn credential(kind: CredentialKind) -> &'static str {
    match kind {
        CredentialKind::Signature => "a signature (HMAC) with the secret",
        CredentialKind::Token => "a token in a header",
        CredentialKind::Certificate => "the vendor's certificate",
        CredentialKind::Key => "the key in the vendor's own place",
    }
}

fn line(page: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = writeln!(page, "{text}");
}
