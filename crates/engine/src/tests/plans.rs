use serde_json::json;

use super::world::World;
use crate::plans::Files;
use crate::{Error, IncidentFilter, PageRequest};

fn files(routing: &str) -> Files {
    Files::from([("routing.yaml".to_owned(), routing.to_owned())])
}

#[tokio::test]
async fn a_faulty_set_leaves_the_old_version_in_force() {
    let world = World::new().await;
    let before = world.engine.plans().version.clone();
    let refused =
        world.engine.plans_apply(&world.owner, files("version: 1\ndefault: { team: nowhere }\nteams: []\nrulez: []\n")).await;
    let Err(Error::Plans(faults)) = refused else { panic!("{refused:?}") };
    assert_eq!((faults[0].line, faults[0].file.as_str()), (4, "routing.yaml"));
    assert_eq!(world.engine.plans().version, before);
}

#[tokio::test]
async fn what_runs_names_the_version_that_it_ran_under() {
    let world = World::new().await;
    world.send(json!({"alerts": [{"key": "a", "class": "intrusion", "resource": "one"}]})).await;
    let old = world.engine.plans().version.clone();
    let applied = world.engine.plans_apply(&world.owner, files("version: 1\ndefault: { team: night }\n")).await.expect("applied");
    world.send(json!({"alerts": [{"key": "b"}]})).await;
    let page = world.engine.incidents(&world.owner, IncidentFilter::default(), PageRequest::default()).await.expect("a page");
    let mut pinned: Vec<_> =
        page.items.iter().map(|row| (row.incident.plan_version.clone(), row.incident.team.clone())).collect();
    pinned.sort_by(|a, b| a.1.cmp(&b.1));
    assert_eq!(pinned, [(applied.version, "night".to_owned()), (old.clone(), "security".to_owned())]);
    assert!(world.engine.plans_version(&world.owner, &old).await.is_ok(), "old versions are kept");
}
