//! The demo as a program: what `cargo xtask dev` runs until Ctrl-C, and what the browser tests talk to.
//!
//! Prints exactly one line, when everything answers. `--until-stdin-closes` is for whoever starts it
//! as a child: however the parent ends, nothing stays behind.

use std::io::Read as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use world::{Failure, Options, Rest, World, until};

const ANSWERS: Duration = Duration::from_secs(15);

/// After how many milliseconds WhatsApp judges a template by itself.
const REVIEWED_AFTER: i64 = 30_000;

#[tokio::main]
async fn main() -> ExitCode {
    let outcome = tokio::select! {
        outcome = run() => outcome,
        () = told_to_stop() => Ok(()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Failure> {
    let mut options = Options {
        customers: true,
        ..Options::default()
    };
    let mut arguments = std::env::args().skip(1);
    let mut until_stdin_closes = false;
    while let Some(argument) = arguments.next() {
        if argument == "--until-stdin-closes" {
            until_stdin_closes = true;
            continue;
        }
        if argument == "--empty" {
            options.deployment = false;
            options.customers = false;
            continue;
        }
        let value = arguments
            .next()
            .ok_or_else(|| Failure::new(format!("`{argument}` needs a value.")))?;
        let port = || {
            value
                .parse()
                .map_err(|_| Failure::new(format!("`{value}` is not a port.")))
        };
        match argument.as_str() {
            "--port" => options.port = port()?,
            "--simulator-port" => options.simulator_port = port()?,
            "--state" => options.state = Some(PathBuf::from(&value)),
            _ => {
                return Err(Failure::new(format!(
                    "`{argument}` is not an option of the demo."
                )));
            }
        }
    }
    // Whoever starts it as a child is a test; a person may play with late webhooks.
    options.refusals = !until_stdin_closes;
    let mut world = World::start(options).await?;
    if !until_stdin_closes {
        // A person has nobody who judges templates.
        world.simulator.reviews_after(REVIEWED_AFTER).await?;
    }
    let (edge, phone) = (
        world.edge_url().to_owned(),
        world.simulator_url().to_owned(),
    );
    for page in [format!("{edge}/demo/"), format!("{phone}/")] {
        let rest = Rest::new(&page, String::new());
        until(&format!("{page} answers"), ANSWERS, async || {
            rest.get("")
                .await
                .ok()
                .filter(|answer| answer.status == 200)
        })
        .await?;
    }
    println!(
        "finestra ready  edge {edge}  CRM page {edge}/demo/  phone {phone}/  \
         console {edge}/development/sign-in?role=admin"
    );
    if until_stdin_closes {
        wait_for_stdin().await;
        return world.end();
    }
    until("the end", Duration::MAX, async || {
        (!world.is_alive()).then_some(())
    })
    .await?;
    Err(Failure::new(format!(
        "The edge or the simulator ended: see the logs in {}.",
        world.folder().display()
    )))
}

async fn wait_for_stdin() {
    let (closed, when_closed) = tokio::sync::oneshot::channel();
    // A thread of its own, not the runtime's: that one would be waited for at the end.
    std::thread::spawn(move || {
        let _whatever = std::io::stdin().read_to_end(&mut Vec::new());
        let _nobody_waits = closed.send(());
    });
    let _closed = when_closed.await;
}

#[cfg(unix)]
async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate)) = (
        signal(SignalKind::interrupt()),
        signal(SignalKind::terminate()),
    ) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => (),
        _ = terminate.recv() => (),
    }
}

#[cfg(not(unix))]
async fn told_to_stop() {
    let _told = tokio::signal::ctrl_c().await;
}
