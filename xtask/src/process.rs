//! How is a child process run, and how does its failure become one sentence?

use crate::Outcome;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Every path in `xtask` is relative to the project's root, wherever `cargo xtask` was called.
pub(crate) fn enter_project_root() -> Outcome {
    let manifest = std::env::var("CARGO_MANIFEST_DIR")
        .unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").to_owned());
    let root = Path::new(&manifest).join("..");
    std::env::set_current_dir(&root)
        .map_err(|error| format!("Cannot enter {}: {error}.", root.display()))
}

/// `program argument argument …`, split at spaces: no argument in this project contains one.
pub(crate) fn program(line: &str) -> Command {
    let mut words = line.split_whitespace();
    let mut program = Command::new(words.next().unwrap_or_default());
    program.args(words);
    program
}

/// Cargo itself, without the variables of the `cargo run` that started us: they would make
/// build scripts believe that something changed.
pub(crate) fn cargo(line: &str) -> Command {
    let mut cargo = program(&format!("cargo {line}"));
    for (name, _) in std::env::vars() {
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(name);
        }
    }
    cargo
}

/// Runs to the end with our output streams, standard output turned to standard error:
/// ours belongs to the answer of the command.
pub(crate) fn run(mut child: Command, remedy: &str) -> Outcome {
    child.stdout(std::io::stderr());
    match child.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(remedy.to_owned()),
        Err(error) => Err(format!("{} ({error}).", remedy.trim_end_matches('.'))),
    }
}

/// The same for a talkative program: what it says is shown only if it fails.
pub(crate) fn run_quietly(mut child: Command, remedy: &str) -> Outcome {
    match child.output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => {
            eprint!("{}", String::from_utf8_lossy(&output.stdout));
            eprint!("{}", String::from_utf8_lossy(&output.stderr));
            Err(remedy.to_owned())
        }
        Err(error) => Err(format!("{} ({error}).", remedy.trim_end_matches('.'))),
    }
}

/// What the process prints, trimmed; `None` when it is missing or fails.
pub(crate) fn output(mut child: Command) -> Option<String> {
    let output = child.stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success().then_some(text)
}

/// Says what is being done, and how long it took if that was long enough to wonder.
pub(crate) fn step<T>(what: &str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    eprintln!("· {what}");
    let started = Instant::now();
    let outcome = work()?;
    if started.elapsed() > Duration::from_secs(2) {
        eprintln!("  {:.1} s", started.elapsed().as_secs_f32());
    }
    Ok(outcome)
}

/// The value after `--name` among the arguments.
pub(crate) fn option<'a>(arguments: &'a [String], name: &str) -> Outcome<Option<&'a str>> {
    let Some(at) = arguments.iter().position(|argument| argument == name) else {
        return Ok(None);
    };
    match arguments.get(at + 1) {
        Some(value) => Ok(Some(value)),
        None => Err(format!("`{name}` needs a value.")),
    }
}

/// Refuses an argument nobody will look at: a misspelt option must not be ignored.
pub(crate) fn only_options(arguments: &[String], with_value: &[&str], flags: &[&str]) -> Outcome {
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        if with_value.contains(&argument.as_str()) {
            rest.next();
        } else if !flags.contains(&argument.as_str()) {
            return Err(format!(
                "`{argument}` is not an option here: see `cargo xtask help`."
            ));
        }
    }
    Ok(())
}
