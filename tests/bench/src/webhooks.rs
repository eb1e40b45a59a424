//! How many webhooks a second, how soon answered? The edge, the floor with the same duties, and for
//! information a floor that hardly has any: in turns, so that what else the machine does hits all alike.

use crate::deployment::Deployment;
use crate::figures::{median, percentile};
use crate::hosted::Hosted;
use crate::report::{Line, Report};
use crate::webhook::{self, CUSTOMERS, Webhook};
use crate::{Plan, load};
use serde_json::{Map, Value, json};
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
    let mut sides = vec![
        side("edge", &deployment.edge, "twilio"),
        side("floor", &deployment.floor, "twilio"),
        side("bare", &deployment.floor, "bare"),
    ];
    let other = deployment.other.as_ref();
    sides.extend(other.map(|other| side("other", other, "twilio")));
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

fn add(report: &mut Report, sides: &[Side<'_>]) {
    let [edge, floor, bare, other @ ..] = sides else {
        return;
    };
    beside(report, "", edge, floor);
    let (ours, least) = (median(&edge.rates), median(&bare.rates));
    report.add(Line::more_is_better(
        "webhooks; bare floor",
        "webhooks/s",
        ours,
        least,
    ));
    for other in other {
        beside(report, "other build: ", other, floor);
    }
    let each = |figures: for<'a> fn(&'a Side<'_>) -> &'a Vec<f64>| -> Map<String, Value> {
        let named = sides
            .iter()
            .map(|side| (side.name.to_owned(), json!(figures(side))));
        named.collect()
    };
    report.keep(
        "webhooks",
        json!({ "rates": each(|side| &side.rates), "processor_ms": each(|side| &side.busy) }),
    );
}

fn beside(report: &mut Report, prefix: &str, side: &Side<'_>, floor: &Side<'_>) {
    let what = |text: &str| format!("{prefix}{text}");
    report.add(Line {
        asked: Some(ASKED),
        ..Line::more_is_better(
            what("webhooks"),
            "webhooks/s",
            median(&side.rates),
            median(&floor.rates),
        )
    });
    for (text, percent) in [("webhook p50", 50.0), ("webhook p99", 99.0)] {
        let (ours, least) = (
            percentile(&side.latencies, percent),
            percentile(&floor.latencies, percent),
        );
        report.add(Line::less_is_better(what(text), "ms", ours, least));
    }
    if !floor.busy.is_empty() {
        let (ours, least) = (median(&side.busy), median(&floor.busy));
        report.add(Line::less_is_better(
            what("processor time"),
            "ms",
            ours,
            least,
        ));
    }
}
