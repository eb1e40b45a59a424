//! How many decisions of the rule a second? In WASM, as the widget carries it, against the same loop
//! natively; and against JavaScript that only compares two times.

use crate::figures::median;
use crate::report::{Line, Report};
use serde_json::{Value, json};
use std::process::Command;
use world::Failure;

/// The module, built with the widget's profile.
const WASM: &str = "target/bench-rule.wasm";
/// The same loop, built natively with the same profile.
const NATIVE: &str = "target/widget/rule";

/// Runs both and adds the figures to the report.
pub(crate) fn measure(report: &mut Report) -> Result<(), Failure> {
    let in_node: Value = serde_json::from_str(&said(
        Command::new("node").args(["tests/bench/rule.mjs", WASM]),
    )?)
    .map_err(|error| Failure::new(format!("tests/bench/rule.mjs: {error}")))?;
    let figures = |name: &str| -> Vec<f64> {
        let list = in_node[name].as_array();
        list.into_iter()
            .flatten()
            .filter_map(Value::as_f64)
            .collect()
    };
    let native: Vec<f64> = said(&mut Command::new(NATIVE))?
        .lines()
        .filter_map(|line| line.parse().ok())
        .collect();
    let (wasm, comparison) = (figures("wasm"), figures("comparison"));
    report.add(Line::more_is_better(
        "rule in WASM; the same natively",
        "decisions/s",
        median(&wasm),
        median(&native),
    ));
    report.add(Line::more_is_better(
        "rule in WASM; bare comparison, JS",
        "decisions/s",
        median(&wasm),
        median(&comparison),
    ));
    report.keep(
        "rule",
        json!({ "wasm": wasm, "native": native, "comparison": comparison }),
    );
    Ok(())
}

/// What a program printed. It must end well.
pub(crate) fn said(command: &mut Command) -> Result<String, Failure> {
    let output = command
        .stderr(std::process::Stdio::inherit())
        .output()
        .map_err(|error| Failure::new(format!("{command:?}: {error}")))?;
    if !output.status.success() {
        return Err(Failure::new(format!("{command:?} failed: see above.")));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
