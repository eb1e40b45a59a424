//! What came out? One line for each figure, beside its floor, and the same as JSON.

use serde_json::{Map, Value, json};
use world::Failure;

/// Where the JSON goes.
const JSON: &str = "target/bench.json";

/// One figure beside its floor.
pub(crate) struct Line {
    /// What was measured.
    pub(crate) what: String,
    /// Of both figures.
    pub(crate) unit: &'static str,
    /// The product's.
    pub(crate) ours: f64,
    /// The floor's.
    pub(crate) floor: f64,
    /// Above 1: better than the floor.
    pub(crate) ratio: f64,
    /// The ratio that is asked for, if one is.
    pub(crate) asked: Option<f64>,
}

impl Line {
    /// A figure that should be large.
    pub(crate) fn more_is_better(
        what: impl Into<String>,
        unit: &'static str,
        ours: f64,
        floor: f64,
    ) -> Self {
        Self {
            what: what.into(),
            unit,
            ours,
            floor,
            ratio: ours / floor,
            asked: None,
        }
    }

    /// A figure that should be small.
    pub(crate) fn less_is_better(
        what: impl Into<String>,
        unit: &'static str,
        ours: f64,
        floor: f64,
    ) -> Self {
        Self {
            ratio: floor / ours,
            ..Self::more_is_better(what, unit, ours, floor)
        }
    }
}

/// Everything that was measured.
#[derive(Default)]
pub(crate) struct Report {
    lines: Vec<Line>,
    /// Each single measurement, by kind.
    single: Map<String, Value>,
}

impl Report {
    /// Adds a line.
    pub(crate) fn add(&mut self, line: Line) {
        self.lines.push(line);
    }

    /// Keeps single measurements for the JSON.
    pub(crate) fn keep(&mut self, kind: &str, single: Value) {
        self.single.insert(kind.to_owned(), single);
    }

    /// The table, on standard output.
    pub(crate) fn print(&self) {
        println!(
            "\n{:<34} {:>14} {:>14}  {:<12} {:>6}",
            "", "finestra", "floor", "", "ratio"
        );
        for line in &self.lines {
            let asked = line.asked.map_or_else(String::new, |asked| {
                let word = if line.ratio < asked { "below" } else { "above" };
                format!("  {word} {asked}")
            });
            println!(
                "{:<34} {:>14} {:>14}  {:<12} {:>6}×{asked}",
                line.what,
                figure(line.ours),
                figure(line.floor),
                line.unit,
                ratio(line.ratio),
            );
        }
        println!("\nA ratio above 1 is better than the floor. All figures: {JSON}");
    }

    /// The same, and every single measurement, as JSON.
    pub(crate) fn write(&self) -> Result<(), Failure> {
        let lines: Vec<Value> = self
            .lines
            .iter()
            .map(|line| {
                json!({
                    "what": line.what, "unit": line.unit, "finestra": line.ours,
                    "floor": line.floor, "ratio": line.ratio, "asked": line.asked,
                })
            })
            .collect();
        let report = json!({ "lines": lines, "single": self.single });
        std::fs::write(JSON, format!("{report:#}\n"))?;
        Ok(())
    }
}

fn ratio(ratio: f64) -> String {
    let digits = if ratio < 0.01 { 4 } else { 2 };
    format!("{ratio:.digits$}")
}

/// With as many digits as mean something.
fn figure(value: f64) -> String {
    if value >= 1_000_000.0 {
        format!("{:.2} M", value / 1_000_000.0)
    } else if value >= 100.0 {
        format!("{value:.0}")
    } else if value >= 10.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    }
}
