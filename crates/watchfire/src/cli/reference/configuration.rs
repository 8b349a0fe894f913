//! `configuration.md`.

use clap::{Arg, Args, Command};

use crate::config::ServeArgs;

/// Writes the page of the settings: flag, environment variable, key of the file, meaning.
pub(super) fn page() -> String {
    let command = ServeArgs::augment_args(Command::new("serve"));
    let mut out = String::from(
        "# Configuration\n\nWritten by `cargo xtask generate` from the flags of `watchfire serve`.\n\n\
         A flag goes before its environment variable, that before the settings file (`--config FILE`, TOML). An unknown key \
         of the file is refused. `init`, `doctor`, `backup` and `restore` take the settings about data too.\n\n\
         | flag | environment | file | meaning |\n| --- | --- | --- | --- |\n",
    );
    for argument in command.get_arguments() {
        out.push_str(&row(argument));
    }
    out.push_str(
        "\n## For the commands that speak with a server\n\n\
         | flag | environment | meaning |\n| --- | --- | --- |\n\
         | `--server URL` | `WATCHFIRE_URL` | Address of the server, `http://127.0.0.1:7117` without one |\n\
         | | `WATCHFIRE_TOKEN` | The token |\n\
         | `--token-file FILE` | `WATCHFIRE_TOKEN_FILE` | File that holds the token; goes before `WATCHFIRE_TOKEN` |\n\
         | | `NO_COLOR` | No colour on a terminal |\n",
    );
    out.push_str("\n## Example\n\n```toml\n");
    out.push_str(EXAMPLE);
    out.push_str("```\n");
    out
}

/// A file that sets what most installations set.
const EXAMPLE: &str = r#"data = "/var/lib/watchfire"
key_file = "/etc/watchfire/key"
listen = "0.0.0.0:7117"
base_url = "https://watchfire.example.org"
plans = "/etc/watchfire/plans"
tls_cert = "/etc/watchfire/tls.crt"
tls_key = "/etc/watchfire/tls.key"
"#;

fn row(argument: &Arg) -> String {
    let long = argument.get_long().unwrap_or_default();
    let value = argument.get_value_names().filter(|_| argument.get_action().takes_values());
    let value = value.map(|names| format!(" {}", names.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")));
    let environment = argument.get_env().map(|name| format!("`{}`", name.to_string_lossy())).unwrap_or_default();
    let key = if ["config", "demo"].contains(&long) { String::new() } else { format!("`{}`", long.replace('-', "_")) };
    let meaning = argument.get_help().map(ToString::to_string).unwrap_or_default();
    format!("| `--{long}{}` | {environment} | {key} | {} |\n", value.unwrap_or_default(), meaning.replace('|', "\\|"))
}

#[cfg(test)]
mod tests {
    use super::EXAMPLE;
    use crate::config::FileSettings;

    #[test]
    fn the_example_is_a_settings_file() {
        let settings = FileSettings::parse(EXAMPLE).expect("what the page shows can be used");
        assert!(settings.tls_cert.is_some() && settings.base_url.is_some());
    }
}
