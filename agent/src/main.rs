//! The program `flightsmith`.
fn main() -> std::process::ExitCode {
    flightsmith::cli::main()
}
