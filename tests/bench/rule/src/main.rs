//! The floor of the rule: the same loop natively. Prints decisions a second, one line for each round.

use rule::{QUESTIONS, decide};
use std::time::Instant;

/// Rounds of one measurement; the first is not counted.
const MEASUREMENTS: u32 = 6;
/// Long enough that the clock does not matter.
const ROUNDS: u32 = 200_000;

fn main() -> Result<(), String> {
    for measurement in 0..MEASUREMENTS {
        let started = Instant::now();
        let permits = decide(ROUNDS);
        let seconds = started.elapsed().as_secs_f64();
        if permits != 2 * ROUNDS {
            return Err(format!(
                "The rule said yes {permits} times, not {}.",
                2 * ROUNDS
            ));
        }
        if measurement > 0 {
            println!("{:.0}", f64::from(ROUNDS * QUESTIONS) / seconds);
        }
    }
    Ok(())
}
