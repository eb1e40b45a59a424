//! Do the walls of ARCHITECTURE.md stand? What must be absent from the tree, checked where a compiler does not.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// What git knows of the tree, and what it would be told next: build products are not ours.
fn files(extensions: &[&str]) -> Vec<PathBuf> {
    let listed = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .expect("git lists the tree");
    String::from_utf8_lossy(&listed.stdout)
        .lines()
        .map(PathBuf::from)
        .filter(|file| {
            file.extension()
                .is_some_and(|it| extensions.iter().any(|wanted| it == *wanted))
        })
        .filter(|file| root().join(file).exists())
        .collect()
}

fn text(file: &Path) -> String {
    fs::read_to_string(root().join(file)).expect("a source file is text")
}

fn check(what: &str, broken: Vec<String>) {
    assert!(broken.is_empty(), "{what}:\n  {}", broken.join("\n  "));
}

#[test]
fn every_rust_file_says_first_what_it_is_for() {
    let broken = files(&["rs"])
        .iter()
        .filter(|file| !text(file).starts_with("//!"))
        .map(|file| file.display().to_string())
        .collect();
    check("files that do not begin with a module comment", broken);
}

#[test]
fn no_file_is_longer_than_500_lines() {
    let broken = files(&["rs", "js", "mjs", "css", "html"])
        .iter()
        .map(|file| (file, text(file).lines().count()))
        .filter(|(_, lines)| *lines > 500)
        .map(|(file, lines)| format!("{} ({lines})", file.display()))
        .collect();
    check("files that answer more than one question", broken);
}

#[test]
fn no_text_is_ever_parsed_as_markup() {
    // In two pieces, or this file would be the only offender.
    let forbidden = [
        ["inner", "HTML"],
        ["outer", "HTML"],
        ["insert", "AdjacentHTML"],
        ["document.", "write"],
        ["inner", "_html"],
        ["insert", "_adjacent_html"],
        ["create", "ContextualFragment"],
    ]
    .map(|pieces| pieces.concat());
    let broken = files(&["rs", "js", "mjs", "html"])
        .iter()
        // A test may name what it forbids.
        .filter(|file| !file.starts_with("tests/browser") && !file.starts_with("tests/referee"))
        .flat_map(|file| {
            let text = text(file);
            forbidden
                .iter()
                .filter(|name| text.contains(name.as_str()))
                .map(|name| format!("{}: {name}", file.display()))
                .collect::<Vec<_>>()
        })
        .collect();
    check("ways from a customer's text to markup", broken);
}

#[test]
fn nothing_is_left_for_later() {
    let marks = [["TO", "DO"], ["FIX", "ME"], ["XX", "X"]].map(|pieces| pieces.concat());
    let broken = files(&["rs", "js", "mjs", "css", "html", "toml"])
        .iter()
        .flat_map(|file| {
            let text = text(file);
            let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
            marks
                .iter()
                .filter(|mark| words.contains(&mark.as_str()))
                .map(|mark| format!("{}: {mark}", file.display()))
                .collect::<Vec<_>>()
        })
        .collect();
    check("promises instead of work", broken);
}

/// The names of a crate's direct dependencies, of all kinds and targets.
fn dependencies(manifest: &str) -> Vec<String> {
    let mut inside = false;
    let mut names = Vec::new();
    for line in text(Path::new(manifest)).lines() {
        if let Some(section) = line.trim().strip_prefix('[') {
            inside = section.trim_end_matches(']').ends_with("dependencies");
            if let Some((_, name)) = section.trim_end_matches(']').split_once("dependencies.") {
                names.push(name.to_owned());
            }
        } else if inside && let Some((name, _)) = line.split_once(['=', '.']) {
            names.push(name.trim().to_owned());
        }
    }
    names
}

fn imports_none_of(manifest: &str, forbidden: &[&str]) {
    let found: Vec<String> = dependencies(manifest)
        .into_iter()
        .filter(|name| forbidden.contains(&name.as_str()))
        .collect();
    check(&format!("{manifest} must not depend on"), found);
}

#[test]
fn the_domain_knows_no_platform() {
    imports_none_of(
        "shared/Cargo.toml",
        &[
            "worker",
            "web-sys",
            "js-sys",
            "wasm-bindgen",
            "tokio",
            "edge",
            "widget",
        ],
    );
}

#[test]
fn what_every_isolate_loads_does_nothing_for_administrators() {
    let broken = files(&["rs"])
        .iter()
        .filter(|file| file.starts_with("edge/src"))
        .filter(|file| !file.starts_with("edge/src/console"))
        .filter(|file| !file.ends_with("administration.rs"))
        .filter(|file| {
            let text = text(file);
            ["console::", "administration::perform"]
                .iter()
                .any(|way| text.contains(way))
        })
        .map(|file| file.display().to_string())
        .collect();
    check("ways from the first module into the second", broken);
}

#[test]
fn edge_and_widget_never_meet() {
    imports_none_of("edge/Cargo.toml", &["widget"]);
    imports_none_of("widget/Cargo.toml", &["edge", "worker"]);
}

#[test]
fn the_simulator_is_the_referee_and_borrows_no_rule() {
    imports_none_of(
        "tests/simulator/Cargo.toml",
        &["shared", "edge", "widget", "world"],
    );
}

#[test]
fn dependencies_are_found_in_every_way_they_are_written() {
    let found = dependencies("widget/Cargo.toml");
    for name in ["shared", "wasm-bindgen"] {
        assert!(found.iter().any(|it| it == name), "{name} in {found:?}");
    }
}
