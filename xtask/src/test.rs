//! `cargo xtask test`: does everything hold? Runs every kind of test, the quick ones first, and
//! ends with `N passed, N failed` over all of them.

use crate::build::{self, Kind};
use crate::counts::Counts;
use crate::process::{cargo, program};
use crate::world::World;
use crate::{Outcome, dev, tools};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Seeds of the simulation on every run.
const SEEDS: &str = "10000";

/// What one kind of test came to.
struct Row {
    kind: &'static str,
    counts: Counts,
    time: Duration,
}

/// Runs all kinds, or those named; answers whether everything passed.
pub(crate) fn command(only: &[String]) -> Outcome<bool> {
    if let Some(unknown) = only
        .iter()
        .find(|name| !KINDS.iter().any(|(kind, _)| kind == name))
    {
        let names: Vec<&str> = KINDS.iter().map(|(kind, _)| *kind).collect();
        return Err(format!(
            "There is no kind of test `{unknown}`, only {}.",
            names.join(", ")
        ));
    }
    let setting = Setting {
        chromium: tools::with_browser()?.display().to_string(),
    };

    let mut rows = Vec::new();
    for (kind, run) in KINDS {
        if !only.is_empty() && !only.iter().any(|name| name == kind) {
            continue;
        }
        println!("\n── {kind}");
        let started = Instant::now();
        let counts = run(&setting).unwrap_or_else(|sentence| {
            println!("{sentence}");
            Counts {
                passed: 0,
                failed: 1,
            }
        });
        rows.push(Row {
            kind,
            counts,
            time: started.elapsed(),
        });
    }
    Ok(report(&rows))
}

/// What the tests need to know about this machine.
struct Setting {
    chromium: String,
}

type Run = fn(&Setting) -> Outcome<Counts>;

/// What needs the Worker builds it: where that fails, the other kinds still have their say.
const KINDS: [(&str, Run); 9] = [
    ("format", |_| Ok(check(cargo("fmt --all --check -- -l")))),
    ("lint", |_| Ok(lint())),
    ("unit", |_| {
        Ok(counted(cargo(&format!(
            "test --quiet --no-fail-fast {UNIT_PACKAGES}"
        ))))
    }),
    ("simulation", |_| {
        let mut simulation = cargo("test --quiet --no-fail-fast -p simulation");
        simulation.env("SEEDS", SEEDS);
        Ok(counted(simulation))
    }),
    ("site", |_| Ok(node("xtask", &[]))),
    ("edge", |_| {
        build::build(Kind::Dev)?;
        dev::binaries()?;
        Ok(counted(cargo(
            "test --quiet --no-fail-fast -p world -p edge-tests",
        )))
    }),
    ("referee", |setting| {
        dev::binaries()?;
        Ok(node("tests/referee", &[("CHROMIUM", &setting.chromium)]))
    }),
    ("browser", browser),
    ("size", |_| {
        build::build(Kind::Release)?;
        Ok(check(program(
            "node xtask/size.mjs target/site target/edge",
        )))
    }),
];

/// Whatever is tested natively, each crate beside its code.
const UNIT_PACKAGES: &str =
    "-p shared -p edge -p widget -p simulator -p xtask -p bench --features edge/administration";

/// Natively for everything, and for WASM what is compiled to it; both modules of the Worker at once.
fn lint() -> Counts {
    let wasm = "clippy --quiet --target wasm32-unknown-unknown";
    let mut sum = Counts::default();
    for line in [
        "clippy --quiet --workspace --all-targets --features edge/administration -- -D warnings"
            .to_owned(),
        format!("{wasm} -p widget -p edge --features edge/administration -- -D warnings"),
        format!("{wasm} -p edge --features simulated-clock,administration -- -D warnings"),
    ] {
        let counts = check(cargo(&line));
        sum.passed += counts.passed;
        sum.failed += counts.failed;
    }
    sum
}

/// Against one world: a real edge, the simulator, the demo seed.
fn browser(setting: &Setting) -> Outcome<Counts> {
    if tests_in("tests/browser").is_empty() {
        return Ok(Counts::default());
    }
    build::build(Kind::Dev)?;
    dev::binaries()?;
    let world = World::start()?;
    let mut counts = node(
        "tests/browser",
        &[
            ("FINESTRA_EDGE", &world.edge),
            ("FINESTRA_SIMULATOR", &world.simulator),
            ("CHROMIUM", &setting.chromium),
        ],
    );
    if !world.end() {
        counts.failed += 1;
    }
    Ok(counts)
}

fn node(folder: &str, environment: &[(&str, &str)]) -> Counts {
    let tests = tests_in(folder);
    if tests.is_empty() {
        println!("nothing in {folder}/ yet");
        return Counts::default();
    }
    let mut node = program("node --test --test-reporter=tap --test-concurrency=1");
    node.args(tests)
        .envs(environment.iter().copied())
        .envs(binaries());
    counted(node)
}

fn binaries() -> [(&'static str, String); 2] {
    let path = |name: &str| {
        std::path::absolute(Path::new("target/debug").join(name))
            .map(|path| path.display().to_string())
            .unwrap_or_default()
    };
    [
        ("SIMULATOR_BIN", path("simulator")),
        ("DEMO_BIN", path("demo")),
    ]
}

fn tests_in(folder: &str) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut tests: Vec<String> = entries
        .flatten()
        .map(|entry| entry.path().display().to_string())
        .filter(|path| path.ends_with(".test.mjs") || path.ends_with(".test.js"))
        .collect();
    tests.sort();
    tests
}

/// Something that passes or fails as a whole.
fn check(mut child: Command) -> Counts {
    let passed = child.status().is_ok_and(|status| status.success());
    Counts {
        passed: passed.into(),
        failed: (!passed).into(),
    }
}

/// Something that counts its own tests: shown as it goes, and read.
fn counted(mut child: Command) -> Counts {
    let mut counts = Counts::default();
    let succeeded = child
        .stdout(Stdio::piped())
        .spawn()
        .is_ok_and(|mut running| {
            let lines = running.stdout.take().map(BufReader::new);
            for line in lines
                .into_iter()
                .flat_map(BufRead::lines)
                .map_while(Result::ok)
            {
                println!("{line}");
                counts.read(&line);
            }
            running.wait().is_ok_and(|status| status.success())
        });
    counts.settle(succeeded);
    counts
}

fn report(rows: &[Row]) -> bool {
    println!(
        "\n{:<12} {:>7} {:>7} {:>9}",
        "kind", "passed", "failed", "time"
    );
    let mut sum = Counts::default();
    for Row { kind, counts, time } in rows {
        let Counts { passed, failed } = *counts;
        println!(
            "{kind:<12} {passed:>7} {failed:>7} {:>7.1} s",
            time.as_secs_f32()
        );
        sum.passed += passed;
        sum.failed += failed;
    }
    println!("\n{} passed, {} failed", sum.passed, sum.failed);
    sum.failed == 0
}
