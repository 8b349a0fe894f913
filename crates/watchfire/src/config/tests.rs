use std::collections::BTreeSet;
use std::io::Write;

use clap::{Args, Command, Parser};

use super::{FileSettings, ServeArgs};

#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    serve: ServeArgs,
}

fn parse(flags: &[&str]) -> ServeArgs {
    Flags::parse_from([&["serve"], flags].concat()).serve
}

#[test]
fn without_settings_the_server_is_reached_from_this_machine_alone() {
    let settings = parse(&[]).settings().expect("nothing to be wrong");
    assert_eq!(settings.listen.to_string(), "127.0.0.1:7117");
    assert_eq!(settings.base_url_for(settings.listen), "http://127.0.0.1:7117");
    assert_eq!(settings.store.data_dir.to_string_lossy(), "watchfire-data");
    assert!(!settings.demo && settings.tls.is_none());
}

#[test]
fn a_flag_goes_before_the_file() {
    let folder = std::env::temp_dir().join(format!("watchfire-config-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("the folder for temporary files can be written");
    let path = folder.join("watchfire.toml");
    let mut file = std::fs::File::create(&path).expect("just made the folder");
    file.write_all(b"data = \"/var/lib/w\"\nlisten = \"127.0.0.1:1\"\nlog_json = true\n").expect("a small file");
    let path = path.to_string_lossy();
    let settings = parse(&["--config", &path, "--listen", "[::1]:2"]).settings().expect("both are right");
    assert_eq!((settings.listen.to_string(), settings.log_json), ("[::1]:2".to_owned(), true));
    assert_eq!(settings.store.data_dir.to_string_lossy(), "/var/lib/w");
    std::fs::remove_dir_all(&folder).expect("our own folder");
}

#[test]
fn an_unknown_key_of_the_file_is_refused_by_name_and_line() {
    let fault = FileSettings::parse("data = \"x\"\nlisten_on = \"y\"\n").expect_err("no such key").to_string();
    assert!(fault.contains("listen_on") && fault.contains("line 2"), "{fault}");
}

#[test]
fn half_of_tls_is_refused() {
    let fault = parse(&["--tls-cert", "c.pem"]).settings().expect_err("the key is missing").to_string();
    assert!(fault.contains("--tls-key"), "{fault}");
}

#[test]
fn the_password_of_the_database_is_in_no_debug_text() {
    let arguments = parse(&["--database-url", "postgres://u:hunter2@h/n"]);
    assert!(!format!("{arguments:?}").contains("hunter2"));
}

#[test]
fn every_key_of_the_file_is_a_flag_and_the_other_way_round() {
    let command = ServeArgs::augment_args(Command::new("serve"));
    let flags: BTreeSet<String> =
        command.get_arguments().filter_map(|flag| flag.get_long()).map(|long| long.replace('-', "_")).collect();
    let text = format!("{:?}", FileSettings::default());
    let keys = text.trim_start_matches("FileSettings { ").split(", ").filter_map(|pair| pair.split(':').next());
    let keys: BTreeSet<String> = keys.map(str::to_owned).chain(["config".to_owned(), "demo".to_owned()]).collect();
    assert_eq!(flags, keys);
}
