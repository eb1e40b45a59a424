//! Whatever is written, it is what serde_json would have written.

use super::*;
use serde_json::json;
use std::collections::BTreeMap;

#[derive(serde::Serialize)]
struct Unit;
#[derive(serde::Serialize)]
struct New(u8);
#[derive(serde::Serialize)]
struct Pair(i8, char);
#[derive(serde::Serialize)]
struct Empty {}

#[derive(serde::Serialize)]
#[serde(rename_all = "kebab-case")]
enum Shape {
    Dot,
    Line(u32),
    Pair(i64, bool),
    Frame {
        wide: Option<u16>,
        names: Vec<String>,
    },
    Hollow {},
}

#[derive(serde::Serialize)]
struct Everything<'a> {
    unit: Unit,
    nothing: (),
    new: New,
    pair: Pair,
    empty: Empty,
    shapes: Vec<Shape>,
    none: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skipped: Option<i32>,
    texts: &'a [&'a str],
    lists: Vec<Vec<u64>>,
    map: BTreeMap<String, Option<f64>>,
    value: Value,
    #[serde(flatten)]
    flat: BTreeMap<&'a str, i16>,
}

#[test]
fn everything_is_written_as_serde_json_writes_it() {
    let controls: String = ('\0'..='\u{7f}').collect();
    let frame = Shape::Frame {
        wide: Some(7),
        names: vec![String::new(), "[".into(), "{".into()],
    };
    let everything = Everything {
        unit: Unit,
        nothing: (),
        new: New(255),
        pair: Pair(-128, '"'),
        empty: Empty {},
        shapes: vec![
            Shape::Dot,
            Shape::Line(u32::MAX),
            Shape::Pair(i64::MIN, true),
            frame,
            Shape::Hollow {},
        ],
        none: None,
        skipped: None,
        texts: &["", "\\", "a\"b", "\n", &controls, "è\u{2028}🦀", "ends\\"],
        lists: vec![vec![], vec![u64::MAX], vec![1, 2]],
        map: [
            ("a[".into(), Some(-0.5)),
            ("{".into(), None),
            (String::new(), Some(1e300)),
        ]
        .into(),
        value: json!({ "a": [1, 2.5, { "b": null }, -3, {}, []], "": "", "[": false }),
        flat: [("x", 1), ("y", -2)].into(),
    };
    let written = write(&everything);
    assert_eq!(written, Ok(serde_json::to_string(&everything).unwrap()));
}

#[test]
fn numbers_with_a_point_are_written_as_serde_json_writes_them() {
    for number in [
        0.0,
        -0.0,
        1.0,
        0.1,
        1e21,
        5e-324,
        f64::MAX,
        f64::NAN,
        f64::INFINITY,
    ] {
        assert_eq!(write(&number), Ok(serde_json::to_string(&number).unwrap()));
    }
}

#[test]
fn a_key_that_is_no_text_is_refused() {
    let map = BTreeMap::from([(1, 2)]);
    assert_eq!(write(&map), Err(Unwritable("a key must be text".into())));
}
