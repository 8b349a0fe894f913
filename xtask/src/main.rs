//! The project's own chores, run as `cargo xtask <chore>`.
//!
//! It does not know how Watchfire works: it reads the tree as text and drives cargo and the counterparts
//! that the tests talk to.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool for the people who build Watchfire")]

mod bench;
mod command;
mod counterpart;
mod deny;
mod generate;
mod test;
mod tidy;

use std::process::ExitCode;

const HELP: &str = "cargo xtask <chore>

  tidy                    checks the laws of the house (dependency arrows, lists, sizes, forbidden calls)
  test [filter..]         installs and starts what the tests need, runs all of them on both databases
       --skip-install     installs nothing; what is missing is left out and named
  bench [name..]          runs the measurements of the server, built for release
  bench scan              measures the secret scan beside its peers
       --repo PATH        another repository than the one that is made
       --write            puts the tables into docs/reference/scan-benchmark.md
  generate [--check]      writes docs/reference from the code; --check fails on a difference instead
  deny                    checks licences, origins and banned packages of the dependency tree
";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let chore = arguments.next().unwrap_or_default();
    let rest: Vec<String> = arguments.collect();
    let outcome = match chore.as_str() {
        "tidy" => tidy::run(),
        "test" => test::run(&rest),
        "bench" => bench::run(&rest),
        "generate" => generate::run(&rest),
        "deny" => deny::run(),
        "" | "help" | "--help" | "-h" => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        unknown => Err(anyhow::anyhow!("no chore is called `{unknown}`\n\n{HELP}")),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("xtask {chore}: {error:#}");
            ExitCode::FAILURE
        }
    }
}
