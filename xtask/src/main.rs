//! `cargo xtask …`: which commands does the project have of its own?
//!
//! One file per command, no dependencies, so that the first `cargo xtask` answers within seconds.
//! Every failure is one sentence that says what to do.

mod bench;
mod browser;
mod build;
mod counts;
mod deploy;
mod dev;
mod health;
mod lock;
mod npm;
mod process;
mod size;
mod stamp;
mod test;
mod token;
mod tools;
mod world;

use std::process::ExitCode;

/// What a command answers with: nothing, or the sentence to show.
type Outcome<T = ()> = Result<T, String>;

const USAGE: &str = "\
cargo xtask <command>

  dev      install what is missing, build, run the edge and the simulator with a demo
           [--port 8787] [--simulator-port 8788] [--state DIR]
  test     install what is missing and run every test; kinds may be named to run only those
  build    release artefacts into target/edge and target/site; --dev into target/edge-dev
  bench    measure, each figure against a floor in the same run; kinds may be named to measure only those
           (webhooks, page, rule) [--rounds N] [--seconds N] [--paints N] [--loads N]
  size     the widget's and the Worker's bytes against their budgets
  token    a development JWT: --role admin|supervisor|agent|service --name NAME [--senders a,b] [--ttl SECONDS]
  deploy   check, then wrangler deploy
  tools    only install what is missing";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let rest: Vec<String> = arguments.collect();
    let outcome = process::enter_project_root().and_then(|()| match command.as_str() {
        "tools" => tools::with_browser().map(drop),
        "build" => build::command(&rest),
        "dev" => dev::command(&rest),
        "test" => return_code(test::command(&rest)?),
        "bench" => bench::command(&rest),
        "size" => size::command(),
        "token" => token::command(&rest),
        "deploy" => deploy::command(),
        "" | "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        other => Err(format!("There is no command `{other}`.\n\n{USAGE}")),
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            if !sentence.is_empty() {
                eprintln!("{sentence}");
            }
            ExitCode::FAILURE
        }
    }
}

/// A failed test run has said everything already: no sentence, only the exit code.
fn return_code(all_passed: bool) -> Outcome {
    if all_passed {
        Ok(())
    } else {
        Err(String::new())
    }
}
