//! Watchfire: self-hosted incident response in one binary.

mod cli;
mod config;
mod demo;
mod logging;
mod outside;
mod plan_folder;
mod renewal;
mod server;
mod stop;
mod ways;
mod wiring;
mod world;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    cli::main()
}
