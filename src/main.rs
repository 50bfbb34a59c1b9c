//! Runs the command line and ends with its exit code.

use std::process::ExitCode;

#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    relmate::cli::run(std::env::args_os())
}
