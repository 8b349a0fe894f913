//! What a file's name says about its contents.

use super::lists;

/// What kind of file a text comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// Nothing is known about the file; the scanner is permissive.
    Unknown,
    /// Program text: values stand in quotes.
    Code,
    Shell,
    /// `NAME=value` lines.
    Env,
    /// INI, properties and other `name = value` files.
    Ini,
    Yaml,
    Json,
    Toml,
    Xml,
    Terraform,
    Dockerfile,
    /// Prose with examples.
    Docs,
    Netrc,
    Npmrc,
    Pgpass,
    GitCredentials,
    Htpasswd,
    /// Resolved versions with hashes; holds no secrets.
    Lock,
    /// Generated program text, maps, images as text; holds nothing that names can tell.
    Generated,
    /// Certificates, public keys, signatures.
    Public,
    /// Texts of a user interface: "password" is a label there.
    Translation,
}

const LOCKS: &[&str] = &[
    "package-lock.json",
    "npm-shrinkwrap.json",
    "pnpm-lock.yaml",
    "pnpm-lock.yml",
    "go.sum",
    "go.work.sum",
    "packages.lock.json",
    "project.assets.json",
    ".terraform.lock.hcl",
    "bun.lockb",
    "gradle.lockfile",
    "verification-metadata.xml",
    "cartfile.resolved",
    "package.resolved",
    "conan.lock",
    "manifest.webapp",
    "checksums.txt",
    "sha256sums",
    "sha256sums.txt",
    "sha512sums",
    "md5sums",
    ".cargo-checksum.json",
    "record",
    "pubspec.lock",
    "cabal.project.freeze",
    "stack.yaml.lock",
    "rebar.lock",
    "elm-stuff",
];

/// So many such endings are looked through.
const COPIES_MAX: usize = 3;

/// Returns the name without an ending that says what became of the file.
fn original(name: &str) -> Option<&str> {
    let name = name.strip_suffix('~').unwrap_or(name);
    let (inner, ending) = name.rsplit_once(['.', '_']).filter(|(inner, _)| !inner.is_empty())?;
    let is_copy = lists::names("copies", ending) && (inner.contains('.') || by_name(inner).is_some());
    is_copy.then_some(inner)
}

impl FileKind {
    /// Returns the kind of the file at `path`, judged by its name alone.
    pub fn of_path(path: &[u8]) -> Self {
        let lower = path.to_ascii_lowercase();
        let name = lower.rsplit(|byte| matches!(byte, b'/' | b'\\')).next().unwrap_or_default();
        let name = std::str::from_utf8(name).unwrap_or_default();
        let path = String::from_utf8_lossy(&lower);
        if name.is_empty() {
            return Self::Unknown;
        }
        let mut name = name;
        // `config.ini.bak` is what `config.ini` is, but a copy of a copy of a copy need not be understood.
        for _ in 0..COPIES_MAX {
            if let Some(kind) = by_name(name) {
                return kind;
            }
            match original(name) {
                Some(inner) => name = inner,
                None => break,
            }
        }
        by_extension(name, &path)
    }

    /// Returns whether values stand without quotes in such files.
    pub(super) fn has_bare_values(self) -> bool {
        matches!(
            self,
            Self::Unknown
                | Self::Shell
                | Self::Env
                | Self::Ini
                | Self::Yaml
                | Self::Dockerfile
                | Self::Docs
                | Self::Npmrc
                | Self::Toml
        )
    }

    pub(super) fn is_config(self) -> bool {
        matches!(
            self,
            Self::Env
                | Self::Ini
                | Self::Yaml
                | Self::Json
                | Self::Toml
                | Self::Xml
                | Self::Terraform
                | Self::Npmrc
                | Self::Dockerfile
        )
    }

    /// Returns whether such files are never searched for names and values.
    pub(super) fn is_silent(self) -> bool {
        matches!(self, Self::Lock | Self::Generated | Self::Public | Self::Translation)
    }
}

fn by_name(name: &str) -> Option<FileKind> {
    let kind = match name {
        ".netrc" | "_netrc" | "netrc" | ".authinfo" => FileKind::Netrc,
        ".npmrc" | "npmrc" | ".yarnrc" | ".yarnrc.yml" => FileKind::Npmrc,
        ".pgpass" | "pgpass" | "pgpass.conf" => FileKind::Pgpass,
        ".git-credentials" | "git-credentials" => FileKind::GitCredentials,
        ".htpasswd" | "htpasswd" | ".htdigest" => FileKind::Htpasswd,
        ".pypirc" | ".my.cnf" | ".boto" | ".s3cfg" | "credentials" | "config" | ".gitconfig" | ".hgrc" | ".passwd-s3fs"
        | ".mylogin.cnf" | "rclone.conf" | ".msmtprc" | ".mailrc" | ".esmtprc" | ".fetchmailrc" => FileKind::Ini,
        ".dockercfg" | ".dockerconfigjson" => FileKind::Json,
        ".envrc" | ".profile" | ".bashrc" | ".zshrc" | ".bash_profile" | ".bash_history" | ".zsh_history" | ".zshenv"
        | ".zprofile" | ".cshrc" | ".tcshrc" | ".login" | "crontab" => FileKind::Shell,
        "dockerfile" | "containerfile" => FileKind::Dockerfile,
        "vault_pass" | ".vault_pass" => FileKind::Ini,
        "kubeconfig" => FileKind::Yaml,
        "jenkinsfile" | "rakefile" | "gemfile" | "vagrantfile" | "fastfile" | "podfile" | "brewfile" | "build"
        | "cmakelists.txt" => FileKind::Code,
        "makefile" | "gnumakefile" => FileKind::Shell,
        _ if LOCKS.contains(&name) || name.ends_with(".lock") => FileKind::Lock,
        _ if name == ".env" || name.starts_with(".env.") || name.ends_with(".env") || name.starts_with("env.") => FileKind::Env,
        _ if name.starts_with("dockerfile.") || name.ends_with(".dockerfile") => FileKind::Dockerfile,
        _ => return None,
    };
    Some(kind)
}

fn by_extension(name: &str, path: &str) -> FileKind {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension).unwrap_or_default();
    let translated = ["/locale/", "/locales/", "/i18n/", "/l10n/", "/lang/", "/translations/", "/langs/"];
    if matches!(extension, "po" | "pot" | "strings" | "resx" | "xlf" | "xliff" | "arb" | "ftl" | "stringsdict" | "mo")
        || (matches!(extension, "json" | "yml" | "yaml" | "properties" | "php" | "js" | "ts")
            && translated.iter().any(|folder| path.contains(folder) || path.starts_with(folder.trim_start_matches('/'))))
    {
        return FileKind::Translation;
    }
    match extension {
        "yml" | "yaml" | "eyaml" | "sls" => FileKind::Yaml,
        "json" | "json5" | "jsonc" | "jsonl" | "ipynb" | "tfstate" | "postman_collection" | "har" => FileKind::Json,
        "toml" => FileKind::Toml,
        "xml" | "config" | "csproj" | "plist" | "pom" | "xaml" | "wsdl" | "iml" | "props" | "targets" | "publishsettings"
        | "pubxml" => FileKind::Xml,
        "tf" | "tfvars" | "hcl" | "nomad" | "bicep" => FileKind::Terraform,
        "ini" | "cfg" | "conf" | "cnf" | "properties" | "prop" | "inf" | "reg" | "ovpn" | "desktop" | "service"
        | "credentials" | "ldif" | "rc" | "repo" | "cred" | "creds" | "nmconnection" | "hocon" | "cf" | "settings"
        | "htaccess" | "smbcredentials" | "http" | "rest" | "secret" | "secrets" | "pgpass" => FileKind::Ini,
        "env" | "envrc" => FileKind::Env,
        "sh" | "bash" | "zsh" | "ksh" | "fish" | "ps1" | "psm1" | "bat" | "cmd" | "history" | "mk" => FileKind::Shell,
        "md" | "markdown" | "rst" | "adoc" | "asciidoc" | "txt" | "html" | "htm" | "org" | "tex" | "pod" | "1" | "3" | "5"
        | "8" => FileKind::Docs,
        "map" | "svg" | "css" | "scss" | "less" | "wasm" | "snap" | "pb" | "min" | "woff" | "ttf" | "pdf" | "csv" | "tsv"
        | "xlsx" | "dat" | "sum" | "asm" | "s" | "ll" | "hex" | "patch.sig" | "typelib" | "gir" => FileKind::Generated,
        "pem" | "crt" | "cer" | "csr" | "der" | "p7b" | "pub" | "asc" | "sig" | "gpg" => FileKind::Public,
        "js" | "css2" if name.ends_with(".min.js") || name.contains(".bundle.") || name.contains(".chunk.") => {
            FileKind::Generated
        }
        // A section of the manual: `1`, `3pm`, `1ssl`.
        section if section.starts_with(|digit: char| digit.is_ascii_digit()) && path.contains("/man/") => FileKind::Docs,
        "sha1" | "sha256" | "sha512" | "md5" | "checksum" => FileKind::Lock,
        code if lists::names("code", code) => FileKind::Code,
        _ => FileKind::Unknown,
    }
}

/// Returns whether the path is of tests, examples, fixtures or documentation, where values are often invented.
pub(super) fn is_sample_path(path: &[u8]) -> bool {
    const WORDS: [&[u8]; 8] = [b"test", b"spec", b"example", b"fixture", b"mock", b"sample", b"demo", b"tutorial"];
    let lower = path.to_ascii_lowercase();
    lower.split(|byte| matches!(byte, b'/' | b'\\')).any(|part| {
        matches!(part, b"doc" | b"docs" | b"documentation" | b"man")
            || WORDS.iter().any(|word| {
                // `latest` and `inspector` are no tests.
                let at = memchr::memmem::find(part, word);
                at.is_some_and(|at| at == 0 || part.get(at - 1).is_some_and(|byte| !byte.is_ascii_alphabetic()))
            })
    })
}
