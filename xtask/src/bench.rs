//! `cargo xtask bench`: how quick is it, against a floor measured in the same run? See `tests/bench`.

use crate::build::{self, Kind};
use crate::process::{cargo, run, run_quietly, step};
use crate::{Outcome, tools};
use std::process::Command;

/// Installs, builds what is shipped and what measures it, then measures. Everything given is handed
/// on: kinds (`webhooks`, `page`, `rule`), `--rounds N` and the like.
pub(crate) fn command(arguments: &[String]) -> Outcome {
    let chromium = tools::with_browser()?;
    build::build(Kind::Release)?;
    step("bench", || {
        rule()?;
        run(
            cargo("build --quiet -p bench"),
            "The benchmarks do not compile: see above.",
        )
    })?;
    let mut bench = Command::new("target/debug/bench");
    bench.arg("--chromium").arg(chromium).args(arguments);
    match bench.status() {
        Ok(status) if status.success() => Ok(()),
        _ => Err("The benchmarks ended with an error: see above.".to_owned()),
    }
}

/// The rule in a loop, by the profile and the optimiser of the widget; and natively.
fn rule() -> Outcome {
    let remedy = "The rule does not compile: see above.";
    let wasm = "target/wasm32-unknown-unknown/widget/rule.wasm";
    run(
        cargo("build --quiet -p rule --profile widget --lib --target wasm32-unknown-unknown"),
        remedy,
    )?;
    run(
        cargo("build --quiet -p rule --profile widget --bin rule"),
        remedy,
    )?;
    let mut opt = Command::new(tools::npm_binary("wasm-opt")?);
    opt.arg(wasm)
        .args(["-Oz", "--converge", "--strip-debug"])
        .args(build::WASM_FEATURES.split_whitespace())
        .args(["-o", "target/bench-rule.wasm"]);
    run_quietly(opt, "wasm-opt refused the rule: see above.")
}
