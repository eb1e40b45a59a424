//! The simulator as a program: `simulator --port 8788 --edge http://127.0.0.1:8787`.

use std::io::Write as _;
use std::process::ExitCode;

use simulator::Options;
use tokio::io::AsyncReadExt;
use tokio::signal::unix::{SignalKind, signal};

const USAGE: &str = "usage: simulator [--port 8788] [--edge http://127.0.0.1:8787] \
                     [--phone-autoread true|false] [--exit-with-stdin]";

/// The command line.
struct Arguments {
    port: u16,
    options: Options,
    exit_with_stdin: bool,
}

fn read(mut words: impl Iterator<Item = String>) -> Option<Arguments> {
    let mut arguments = Arguments {
        port: 8788,
        options: Options::default(),
        exit_with_stdin: false,
    };
    while let Some(word) = words.next() {
        match word.as_str() {
            "--port" => arguments.port = words.next()?.parse().ok()?,
            "--edge" => {
                arguments.options.edge = Some(words.next()?.trim_end_matches('/').to_owned())
            }
            "--phone-autoread" => arguments.options.phone_autoread = words.next()?.parse().ok()?,
            "--exit-with-stdin" => arguments.exit_with_stdin = true,
            _ => return None,
        }
    }
    Some(arguments)
}

#[tokio::main]
async fn main() -> ExitCode {
    let Some(arguments) = read(std::env::args().skip(1)) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let mut running = match simulator::start(arguments.port, arguments.options).await {
        Ok(running) => running,
        Err(error) => {
            eprintln!("simulator: port {}: {error}", arguments.port);
            return ExitCode::FAILURE;
        }
    };
    println!("simulator ready {}", running.url);
    let asked_to_stop = async {
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = tokio::signal::ctrl_c() => {}
                }
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = &mut running.serving => ExitCode::FAILURE,
        () = asked_to_stop => stop(&running),
        () = stdin_closed(), if arguments.exit_with_stdin => stop(&running),
    }
}

/// Says its verdict and ends at once: a request that is held without an answer, or the thread that reads stdin,
/// must not keep us.
fn stop(running: &simulator::Running) -> ! {
    let verdict = format!("simulator refused {} with 63016", running.refused_63016());
    // Whoever listened may be gone, and that is no failure of ours.
    let _nobody_listens = writeln!(std::io::stdout(), "{verdict}");
    std::process::exit(0)
}

async fn stdin_closed() {
    let mut stdin = tokio::io::stdin();
    let mut ignored = [0; 256];
    while matches!(stdin.read(&mut ignored).await, Ok(read) if read > 0) {}
}
