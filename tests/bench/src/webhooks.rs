//! How many webhooks a second, how soon answered? The edge, the floor with the same duties, and for
//! information a floor that hardly has any: in turns, so that what else the machine does hits all alike.

use crate::deployment::Deployment;
use crate::figures::{median, percentile};
use crate::hosted::Hosted;
use crate::report::{Line, Report};
use crate::webhook::{self, CUSTOMERS, Webhook};
use crate::{Plan, load};
use serde_json::json;
use std::time::Duration;
use world::Failure;

/// Webhooks signed in advance for a second of the first round. Of any later one, half as many again as
/// the round before took; if that is not enough, the round ends early.
const FIRST_RATE: f64 = 1_500.0;

/// Between two rounds: what is held back to once a second (session records) is then through, so that
/// no round pays for the one before.
const REST: Duration = Duration::from_millis(1_500);

/// The share of the floor's throughput that is asked for.
const ASKED: f64 = 0.9;

struct Side<'a> {
    name: &'static str,
    worker: &'a Hosted,
    kind: &'static str,
    /// Webhooks a second in the round before, the one that is not counted too.
    before: f64,
    rates: Vec<f64>,
    latencies: Vec<f64>,
    /// Milliseconds of a processor for each webhook, everything that follows it included.
    busy: Vec<f64>,
}

/// Runs all rounds and adds the figures to the report.
pub(crate) async fn measure(
    plan: &Plan,
    deployment: &Deployment,
    report: &mut Report,
) -> Result<(), Failure> {
    let side = |name, worker, kind| Side {
        name,
        worker,
        kind,
        before: FIRST_RATE,
        rates: Vec::new(),
        latencies: Vec::new(),
        busy: Vec::new(),
    };
    let mut sides = [
        side("edge", &deployment.edge, "twilio"),
        side("floor", &deployment.floor, "twilio"),
        side("bare", &deployment.floor, "bare"),
    ];
    let mut signed = 0;
    // The first round is not counted: databases are created, code is compiled.
    for round in 0..=plan.rounds {
        for turn in 0..sides.len() {
            // Forth and back: a machine that slows down slows all of them.
            let turn = if round % 2 == 0 {
                turn
            } else {
                sides.len() - 1 - turn
            };
            let side = &mut sides[turn];
            let counted = (round > 0).then_some(round);
            one_round(plan, side, counted, &mut signed).await?;
        }
    }
    add(report, &sides);
    Ok(())
}

async fn one_round(
    plan: &Plan,
    side: &mut Side<'_>,
    counted: Option<u32>,
    signed: &mut u64,
) -> Result<(), Failure> {
    let busy_before = side.worker.busy();
    // Every customer once, not counted: objects that fell asleep are awake again.
    let lead = sign(side, CUSTOMERS, signed);
    load::round(&side.worker.url, lead, None).await?;
    let enough = 1.5 * side.before * f64::from(plan.seconds);
    let webhooks = sign(side, enough as u64 + CUSTOMERS, signed);
    let length = Duration::from_secs(plan.seconds.into());
    let round = load::round(&side.worker.url, webhooks, Some(length)).await?;
    side.before = round.rate();
    let taken = round.latencies.len();
    match counted {
        Some(number) => {
            eprintln!(
                "  round {number}  {:<6} {:>6.0} webhooks/s  p50 {:>6.1} ms  p99 {:>6.1} ms",
                side.name,
                round.rate(),
                percentile(&round.latencies, 50.0),
                percentile(&round.latencies, 99.0),
            );
            side.rates.push(round.rate());
            side.latencies.extend(round.latencies);
        }
        None => eprintln!(
            "  warm-up  {:<6} {:>6.0} webhooks/s",
            side.name,
            round.rate()
        ),
    }
    tokio::time::sleep(REST).await;
    if let (Some(number), Some(before), Some(after)) = (counted, busy_before, side.worker.busy()) {
        let each = (after - before) / (taken as f64 + CUSTOMERS as f64);
        eprintln!(
            "  round {number}  {:<6} {each:>6.2} ms of a processor each",
            side.name
        );
        side.busy.push(each);
    }
    Ok(())
}

fn sign(side: &Side<'_>, count: u64, signed: &mut u64) -> Vec<Webhook> {
    let first = *signed;
    *signed += count;
    (first..*signed)
        .map(|number| webhook::signed(&side.worker.url, side.kind, number))
        .collect()
}

fn add(report: &mut Report, sides: &[Side<'_>; 3]) {
    let [edge, floor, bare] = sides;
    let rate = |side: &Side<'_>| median(&side.rates);
    let at = |side: &Side<'_>, percent| percentile(&side.latencies, percent);
    report.add(Line {
        asked: Some(ASKED),
        ..Line::more_is_better("webhooks", "webhooks/s", rate(edge), rate(floor))
    });
    for (what, percent) in [("webhook p50", 50.0), ("webhook p99", 99.0)] {
        report.add(Line::less_is_better(
            what,
            "ms",
            at(edge, percent),
            at(floor, percent),
        ));
    }
    if !edge.busy.is_empty() {
        report.add(Line::less_is_better(
            "processor time of a webhook",
            "ms",
            median(&edge.busy),
            median(&floor.busy),
        ));
    }
    report.add(Line::more_is_better(
        "webhooks, bare floor",
        "webhooks/s",
        rate(edge),
        rate(bare),
    ));
    report.keep(
        "webhooks",
        json!({
            "rates": { "edge": edge.rates, "floor": floor.rates, "bare": bare.rates },
            "processor_ms": { "edge": edge.busy, "floor": floor.busy, "bare": bare.busy },
        }),
    );
}
