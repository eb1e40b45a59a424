//! `cargo xtask dev`: a whole Finestra on this machine, from nothing, until Ctrl-C.

use crate::build::{self, Kind};
use crate::process::{cargo, only_options, option, run, step};
use crate::{Outcome, tools};
use std::path::Path;
use std::process::Command;

/// Installs, builds, then becomes the demo.
pub(crate) fn command(arguments: &[String]) -> Outcome {
    only_options(
        arguments,
        &["--port", "--simulator-port", "--state"],
        &["--empty"],
    )?;
    let value =
        |name, default| option(arguments, name).map(|given| given.unwrap_or(default).to_owned());
    let port = value("--port", "8787")?;
    let simulator_port = value("--simulator-port", "8788")?;
    let empty = arguments.iter().any(|argument| argument == "--empty");
    // What was set up by hand is not mixed with the demo.
    let state = value(
        "--state",
        if empty {
            "target/dev-state-empty"
        } else {
            "target/dev-state"
        },
    )?;

    tools::for_building()?;
    build::build(Kind::Dev)?;
    binaries()?;

    let mut demo = Command::new("target/debug/demo");
    demo.args([
        "--port",
        &port,
        "--simulator-port",
        &simulator_port,
        "--state",
        &state,
    ]);
    if empty {
        demo.arg("--empty");
    }
    become_process(demo)
}

/// The native programs that a running Finestra consists of, besides workerd.
pub(crate) fn binaries() -> Outcome {
    step("simulator", || {
        run(
            cargo("build --quiet -p simulator -p world --bins"),
            "The simulator or the test world does not compile: see above.",
        )
    })?;
    if Path::new("target/debug/demo").exists() {
        Ok(())
    } else {
        Err("target/debug/demo was not built: unset CARGO_TARGET_DIR and try again.".to_owned())
    }
}

/// One process less between Ctrl-C and the demo, which stops everything else.
#[cfg(unix)]
fn become_process(mut demo: Command) -> Outcome {
    use std::os::unix::process::CommandExt;
    Err(format!("The demo did not start: {}.", demo.exec()))
}

#[cfg(not(unix))]
fn become_process(demo: Command) -> Outcome {
    run(demo, "The demo ended with an error: see above.")
}
