//! What is read, and what is told of mistakes.

use super::*;

#[derive(Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
enum Shape {
    Dot,
    Line(u32),
    Frame {
        wide: Option<i64>,
        names: Vec<String>,
    },
    Pair(u32, String),
}

#[derive(Debug, PartialEq, serde::Deserialize, serde::Serialize)]
struct Picture {
    shapes: Vec<Shape>,
    #[serde(default)]
    inner: Option<Box<Picture>>,
    rest: Value,
}

fn picture() -> Picture {
    let inner = Picture {
        shapes: vec![Shape::Dot],
        inner: None,
        rest: Value::Null,
    };
    let frame = Shape::Frame {
        wide: Some(-1),
        names: vec!["a\n\"".into()],
    };
    Picture {
        shapes: vec![Shape::Line(3), frame, Shape::Pair(7, "b".into())],
        inner: Some(Box::new(inner)),
        rest: serde_json::json!({ "a": [1, 2.5, { "b": null }, -3] }),
    }
}

#[test]
fn what_serde_json_writes_is_read_again_as_serde_json_reads_it() {
    let text = serde_json::to_string(&picture()).unwrap();
    assert_eq!(read::<Picture>(&text), Ok(picture()));
    assert_eq!(
        read::<Picture>(&text).ok(),
        serde_json::from_str(&text).ok()
    );
    assert_eq!(
        read::<Vec<(String, u8)>>("[[\"a\", 1]]"),
        Ok(vec![("a".into(), 1)])
    );
}

#[test]
fn mistakes_are_told_with_their_place() {
    let why = |text: &str| read::<Picture>(text).unwrap_err().to_string();
    assert!(why("{\n \"shapes\" []}").contains("line 2"), "no JSON");
    assert_eq!(
        why("{\"shapes\": [\"dot\", \"hole\"], \"rest\": 1}"),
        "shapes: 1: unknown variant `hole`"
    );
    assert_eq!(why("{\"shapes\": []}"), "missing field `rest`");
    assert_eq!(
        why("{\"shapes\": [{\"line\": \"x\"}], \"rest\": 1}"),
        "shapes: 0: line: expected u32"
    );
    assert_eq!(
        why("{\"shapes\": [{\"line\": 4294967296}], \"rest\": 1}"),
        "shapes: 0: line: expected u32"
    );
    assert_eq!(why("[]"), "expected struct Picture");
}
