use super::{UpdateText, UsersImpacted, hints};

fn text() -> UpdateText {
    UpdateText {
        risk: "Some orders may be charged twice.".to_owned(),
        users: UsersImpacted::Some,
        timeline: "14:02 the first double charge.\n14:20 payments were stopped.".to_owned(),
        mitigation: "Payments are stopped.".to_owned(),
        status: "We look for the orders that were charged twice.".to_owned(),
        next_steps: "Refund them by tonight.".to_owned(),
    }
}

#[test]
fn an_update_that_leaves_a_field_out_is_refused_by_its_name() {
    assert!(text().tidied().is_ok());
    for name in ["risk", "timeline", "mitigation", "status", "next_steps"] {
        let mut missing = text();
        let field = match name {
            "risk" => &mut missing.risk,
            "timeline" => &mut missing.timeline,
            "mitigation" => &mut missing.mitigation,
            "status" => &mut missing.status,
            _ => &mut missing.next_steps,
        };
        " \n ".clone_into(field);
        assert_eq!(missing.tidied(), Err(name));
    }
}

#[test]
fn unknown_is_an_answer_to_how_many_users_feel_it_and_not_none() {
    assert_eq!(UsersImpacted::parse("unknown"), Some(UsersImpacted::Unknown));
    assert_eq!(UsersImpacted::parse(""), None);
    assert_eq!(UsersImpacted::ALL.map(UsersImpacted::as_str), ["some", "many", "all", "none", "unknown"]);
}

#[test]
fn plain_words_get_no_advice_and_technical_ones_do() {
    assert_eq!(hints(&text()), Vec::new());
    for technical in ["203.0.113.77", "4be19c7", "ledger_exports", "/var/log/audit", "std::process", "CVE-2026-1234"] {
        let mut update = text();
        update.status = format!("We found {technical}.");
        let found = hints(&update);
        assert!(found.iter().any(|hint| hint.field == "status" && hint.advice.contains(technical)), "{technical}: {found:?}");
    }
    let mut long = text();
    long.risk = "word ".repeat(90);
    let advice: Vec<_> = hints(&long).into_iter().map(|hint| hint.advice).collect();
    assert!(advice.iter().any(|advice| advice.contains("90 words")), "{advice:?}");
}
