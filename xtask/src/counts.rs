//! How many tests passed and failed, according to what a test runner printed?

/// A running sum over one kind of test.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Counts {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
}

impl Counts {
    /// Adds what this line says, if it is a summary: cargo's `test result:` or node's TAP `# pass`.
    pub(crate) fn read(&mut self, line: &str) {
        if let Some(summary) = line.trim_start().strip_prefix("test result: ") {
            for part in summary.split([';', '.']) {
                match part.trim().split_once(' ') {
                    Some((n, "passed")) => self.passed += n.parse().unwrap_or(0),
                    Some((n, "failed")) => self.failed += n.parse().unwrap_or(0),
                    _ => {}
                }
            }
        } else if let Some(summary) = line.strip_prefix("# ") {
            match summary.split_once(' ') {
                Some(("pass", n)) => self.passed += n.parse().unwrap_or(0),
                Some(("fail" | "cancelled", n)) => self.failed += n.parse().unwrap_or(0),
                _ => {}
            }
        }
    }

    /// A runner that failed without naming a test (it did not compile, it crashed) is a failure too.
    pub(crate) fn settle(&mut self, succeeded: bool) {
        if !succeeded && self.failed == 0 {
            self.failed = 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(lines: &[&str]) -> Counts {
        let mut counts = Counts::default();
        lines.iter().for_each(|line| counts.read(line));
        counts
    }

    #[test]
    fn cargo_says_it_once_per_binary() {
        let counts = counted(&[
            "running 3 tests",
            "test a ... ok",
            "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
            "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s",
        ]);
        assert_eq!(
            counts,
            Counts {
                passed: 4,
                failed: 2
            }
        );
    }

    #[test]
    fn node_says_it_in_comments_at_the_end() {
        let counts = counted(&[
            "ok 1 - a",
            "# tests 4",
            "# pass 2",
            "# fail 1",
            "# cancelled 1",
            "# skipped 0",
        ]);
        assert_eq!(
            counts,
            Counts {
                passed: 2,
                failed: 2
            }
        );
    }

    #[test]
    fn a_crash_counts_even_if_no_test_was_named() {
        let mut counts = Counts::default();
        counts.settle(false);
        assert_eq!(
            counts,
            Counts {
                passed: 0,
                failed: 1
            }
        );
    }
}
