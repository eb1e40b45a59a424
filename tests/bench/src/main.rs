//! How quick is it, against a floor measured in the same run? What `cargo xtask bench` runs.
//!
//! ```text
//! bench [webhooks] [page] [rule] [--rounds N] [--seconds N] [--paints N] [--loads N] [--chromium PATH]
//!       [--other DIR]   another build of the edge, to compare: its share of the same rounds of webhooks
//! ```
//!
//! Every figure stands beside that of something that does no more than it must, on the same
//! machine, in turns: machines differ, ratios do not. What is built must be built before.

mod deployment;
mod figures;
mod hosted;
mod load;
mod page;
mod report;
mod rule;
mod webhook;
mod webhooks;

use deployment::Deployment;
use report::Report;
use std::path::PathBuf;
use world::Failure;

/// What is measured, and how often.
pub(crate) struct Plan {
    kinds: Vec<String>,
    /// Counted rounds of load for each Worker.
    pub(crate) rounds: u32,
    /// How long each of them is.
    pub(crate) seconds: u32,
    /// Messages painted on each page.
    pub(crate) paints: u32,
    /// Times each page is loaded, cold and then warm.
    pub(crate) loads: u32,
    /// The browser.
    pub(crate) chromium: PathBuf,
    /// Another build of the edge.
    other: Option<PathBuf>,
}

impl Plan {
    fn read(arguments: impl Iterator<Item = String>) -> Result<Self, Failure> {
        let mut plan = Self {
            kinds: Vec::new(),
            rounds: 5,
            seconds: 4,
            paints: 50,
            loads: 10,
            chromium: "chromium".into(),
            other: None,
        };
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            let mut value = || {
                arguments
                    .next()
                    .ok_or_else(|| Failure::new(format!("`{argument}` needs a value.")))
            };
            match argument.as_str() {
                "webhooks" | "page" | "rule" => plan.kinds.push(argument),
                "--rounds" => plan.rounds = number(&value()?)?,
                "--seconds" => plan.seconds = number(&value()?)?,
                "--paints" => plan.paints = number(&value()?)?,
                "--loads" => plan.loads = number(&value()?)?,
                "--other" => plan.other = Some(value()?.into()),
                "--chromium" => plan.chromium = value()?.into(),
                _ => return Err(Failure::new(format!("`{argument}` is not known here."))),
            }
        }
        Ok(plan)
    }

    fn wants(&self, kind: &str) -> bool {
        self.kinds.is_empty() || self.kinds.iter().any(|wanted| wanted == kind)
    }
}

fn number(text: &str) -> Result<u32, Failure> {
    text.parse()
        .ok()
        .filter(|number| *number > 0)
        .ok_or_else(|| Failure::new(format!("`{text}` is not a number above 0.")))
}

/// One thread: the generator must leave the machine to the Workers.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let plan = Plan::read(std::env::args().skip(1))?;
    let mut report = Report::default();
    if plan.wants("rule") {
        rule::measure(&mut report)?;
    }
    if plan.wants("webhooks") || plan.wants("page") {
        let deployment = Deployment::start(plan.other.as_deref()).await?;
        if plan.wants("webhooks") {
            webhooks::measure(&plan, &deployment, &mut report).await?;
        }
        if plan.wants("page") {
            page::measure(&plan, &deployment, &mut report)?;
        }
    }
    report.print();
    report.write()
}
