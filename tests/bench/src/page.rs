//! How soon does an agent see it? `tests/bench/page.mjs` drives a browser on both pages.

use crate::Plan;
use crate::deployment::{Deployment, settings};
use crate::figures::{median, percentile};
use crate::report::{Line, Report};
use crate::rule::said;
use serde_json::{Value, json};
use std::process::Command;
use world::Failure;

/// Runs it and adds the figures to the report.
pub(crate) fn measure(
    plan: &Plan,
    deployment: &Deployment,
    report: &mut Report,
) -> Result<(), Failure> {
    let mut settings = settings(deployment);
    settings["chromium"] = json!(plan.chromium);
    settings["paints"] = json!(plan.paints);
    settings["loads"] = json!(plan.loads);
    let mut node = Command::new("node");
    node.arg("tests/bench/page.mjs").arg(settings.to_string());
    let measured: Value = serde_json::from_str(&said(&mut node)?)
        .map_err(|error| Failure::new(format!("tests/bench/page.mjs: {error}")))?;
    let figures = |what: &str, side: &str| -> Vec<f64> {
        let list = measured[what][side].as_array();
        list.into_iter()
            .flatten()
            .filter_map(Value::as_f64)
            .collect()
    };
    let (ours, floor) = (figures("paint", "edge"), figures("paint", "floor"));
    for (what, percent) in [
        ("webhook to painted message, p50", 50.0),
        ("webhook to painted message, p95", 95.0),
    ] {
        let (ours, floor) = (percentile(&ours, percent), percentile(&floor, percent));
        report.add(Line::less_is_better(what, "ms", ours, floor));
    }
    for (what, kind) in [
        ("script tag to composer, cold", "cold"),
        ("script tag to composer, warm", "warm"),
    ] {
        let (ours, floor) = (
            median(&figures(kind, "edge")),
            median(&figures(kind, "floor")),
        );
        report.add(Line::less_is_better(what, "ms", ours, floor));
    }
    report.keep("page", measured);
    Ok(())
}
