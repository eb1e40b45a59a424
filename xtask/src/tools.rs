//! Is everything here that building, running and testing need? Installs what is missing, into
//! `target/tools` and `node_modules`, and costs a moment when nothing is.

use crate::process::{cargo, output, program, run, step};
use crate::{Outcome, browser, lock, npm};
use std::path::{Path, PathBuf};

/// `worker-build` must be the release that belongs to the `worker` crate.
const WORKER_BUILD: &str = "0.8.7";
/// Until Cargo.lock names one.
const WASM_BINDGEN: &str = "0.2.130";
const NODE: u32 = 20;

/// Everything for building and running.
pub(crate) fn for_building() -> Outcome {
    let _lock = lock::acquire("tools")?;
    node()?;
    npm::install("xtask")?;
    wasm32()?;
    cargo_tool("wasm-bindgen-cli", "wasm-bindgen", &wasm_bindgen_version())?;
    cargo_tool("worker-build", "worker-build", WORKER_BUILD)
}

/// Everything for testing too; answers where Chromium is.
pub(crate) fn with_browser() -> Outcome<PathBuf> {
    for_building()?;
    let _lock = lock::acquire("tools")?;
    component("fmt", "rustfmt")?;
    component("clippy", "clippy")?;
    npm::install("tests")?;
    browser::ensure()
}

/// A tool that `cargo install` put here, as an absolute path.
pub(crate) fn installed(binary: &str) -> Outcome<PathBuf> {
    absolute(&Path::new("target/tools/bin").join(binary))
}

/// A script of ours, to be called from any folder.
pub(crate) fn script(path: &str) -> Outcome<PathBuf> {
    std::fs::canonicalize(path)
        .map_err(|error| format!("{path} is missing ({error}): is this a whole checkout?"))
}

/// A tool that npm put here, as an absolute path.
pub(crate) fn npm_binary(binary: &str) -> Outcome<PathBuf> {
    absolute(&Path::new("xtask/node_modules/.bin").join(binary))
}

fn absolute(path: &Path) -> Outcome<PathBuf> {
    std::path::absolute(path).map_err(|error| format!("Cannot locate {}: {error}.", path.display()))
}

fn node() -> Outcome {
    let remedy = format!("Install Node {NODE} or newer from nodejs.org, then try again.");
    let version = output(program("node --version")).ok_or(&remedy)?;
    let major = version
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|it| it.parse().ok());
    match major {
        Some(major) if u32::ge(&major, &NODE) => Ok(()),
        _ => Err(format!("Node {version} is too old. {remedy}")),
    }
}

fn wasm32() -> Outcome {
    let present = || {
        output(program(
            "rustc --print target-libdir --target wasm32-unknown-unknown",
        ))
        .is_some_and(|folder| Path::new(&folder).exists())
    };
    if present() {
        return Ok(());
    }
    step("Rust's standard library for wasm32", || {
        run(
            program("rustup target add wasm32-unknown-unknown"),
            "Rust's wasm32 target is missing and rustup could not add it: \
             run `rustup target add wasm32-unknown-unknown` where rustup's server is reachable.",
        )
    })
}

/// What rustup's minimal profile leaves out.
fn component(subcommand: &str, name: &str) -> Outcome {
    if output(program(&format!("cargo {subcommand} --version"))).is_some() {
        return Ok(());
    }
    step(name, || {
        run(
            program(&format!("rustup component add {name}")),
            &format!("{name} is missing: run `rustup component add {name}`."),
        )
    })
}

/// The command-line tool must equal the crate to the last digit; Cargo.lock decides.
fn wasm_bindgen_version() -> String {
    std::fs::read_to_string("Cargo.lock")
        .ok()
        .and_then(|lock| version_in(&lock, "wasm-bindgen"))
        .unwrap_or_else(|| WASM_BINDGEN.to_owned())
}

fn version_in(lock: &str, package: &str) -> Option<String> {
    let (_, after) = lock.split_once(&format!("name = \"{package}\"\nversion = \""))?;
    after.split('"').next().map(str::to_owned)
}

fn cargo_tool(package: &str, binary: &str, version: &str) -> Outcome {
    let mut asked = std::process::Command::new(installed(binary)?);
    asked.arg("--version");
    if output(asked).is_some_and(|answer| answer.split(' ').any(|word| word == version)) {
        return Ok(());
    }
    step(
        &format!("{package} {version} (a few minutes, once)"),
        || {
            let mut install = cargo(&format!(
                "install --force --root target/tools --bin {binary} {package}@{version}"
            ));
            // These tools read a megabyte at most: the minutes spent on making them faster are not earned back.
            install
                .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
                .env("CARGO_PROFILE_RELEASE_LTO", "off")
                .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
            run(
                install,
                &format!(
                    "`cargo install {package}@{version}` failed: check that crates.io is reachable, then try again."
                ),
            )
        },
    )
}

#[cfg(test)]
mod tests {
    use super::version_in;

    #[test]
    fn the_lock_file_names_the_version_of_a_package() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"1.0.0\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(version_in(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(version_in(lock, "worker"), None);
    }
}
