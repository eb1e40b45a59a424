//! Where do identifiers and chance come from?
//!
//! SIDs are never repeated, not even by a simulator started again beside an edge that kept its state.
//! Whatever a fault leaves to chance is drawn from a seed instead, so that a failing run can be repeated.

use std::hash::{BuildHasher, Hasher, RandomState};

/// A splitmix64 generator.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// The same seed gives the same throws.
    pub fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    /// Seeded by the operating system.
    pub fn unforeseeable() -> Self {
        let mut hasher = RandomState::new().build_hasher();
        hasher.write_u32(std::process::id());
        Self(hasher.finish())
    }

    /// The next 64 bits.
    pub fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// True once in `sides` throws on average.
    pub fn one_in(&mut self, sides: u64) -> bool {
        self.throw().is_multiple_of(sides)
    }

    /// True with the given probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        ((self.throw() >> 11) as f64) < probability * (1_u64 << 53) as f64
    }

    /// Fisher and Yates.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, (self.throw() % (last as u64 + 1)) as usize);
        }
    }

    /// A prefix such as `SM` and 32 hexadecimal digits.
    pub fn sid(&mut self, prefix: &str) -> String {
        let (high, low) = (self.throw(), self.throw());
        format!("{prefix}{high:016x}{low:016x}")
    }
}

/// True for one of the prefixes followed by 32 hexadecimal digits.
pub fn is_sid(text: &str, prefixes: &[&str]) -> bool {
    prefixes.iter().any(|prefix| {
        text.strip_prefix(prefix)
            .is_some_and(|rest| rest.len() == 32 && rest.bytes().all(|b| b.is_ascii_hexdigit()))
    })
}
