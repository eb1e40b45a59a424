//! Ten thousand seeds. `SEED=…` plays one, `SEEDS=…` says how many. What a seed once found is kept
//! as a scenario of its own in `once_failed.rs`: a seed means something else after every new operation.

use simulation::play::{Tally, play};

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

#[test]
fn every_seed_keeps_the_invariants() {
    if let Some(seed) = number("SEED") {
        println!("{:?}", play(seed));
        return;
    }
    let seeds = number("SEEDS").unwrap_or(10_000);
    let mut sum = Tally::default();
    for seed in 0..seeds {
        let tally = play(seed);
        sum.inbound += tally.inbound;
        sum.handed_over += tally.handed_over;
        sum.refused_late += tally.refused_late;
        sum.deaths += tally.deaths;
        sum.asked += tally.asked;
        sum.given_back += tally.given_back;
    }
    println!("{seeds} seeds: {sum:?}");
    // A simulation that reaches nothing proves nothing.
    assert!(sum.inbound > 0 && sum.handed_over > 0 && sum.deaths > 0);
    if seeds >= 1_000 {
        assert!(
            sum.refused_late > 0 && sum.asked > 0 && sum.given_back > 0,
            "{sum:?}"
        );
    }
}
