use super::*;

const NET: &str = "home pad 40\npad mast 30\nhome mast 90\nmast pond 10\nhome shed 5\nisle reef 3\n";

fn net() -> Net {
    Net::read(NET).unwrap()
}

#[test]
fn the_shortest_way_is_found() {
    let net = net();
    let route = nearest(&net, "home", "pond").unwrap().unwrap();
    assert_eq!(route, Route { metres: 80, stops: vec!["home", "pad", "mast", "pond"] });
    assert_eq!(nearest(&net, "home", "home").unwrap().unwrap().stops, ["home"]);
    assert_eq!(nearest(&net, "home", "reef"), Ok(None));
    assert_eq!(nearest(&net, "pond", "home"), Ok(None));
}

#[test]
fn unknown_places_are_named() {
    let error = nearest(&net(), "home", "moon").unwrap_err();
    assert_eq!(error.to_string(), "no place is called moon");
    assert_eq!(reachable(&net(), "sun"), Err(NetError::Unknown("sun".into())));
    assert!(Net::read("a b c").is_err());
    assert_eq!(Net::read("a b").unwrap().len(), 0);
}

#[test]
fn what_is_reachable() {
    let names: Vec<String> = reachable(&net(), "pad").unwrap().into_iter().collect();
    assert_eq!(names, ["mast", "pad", "pond"]);
    assert_eq!(reachable(&net(), "isle").unwrap().len(), 2);
    assert!(Net::default().is_empty());
}

#[test]
fn an_order_leads_forward_or_names_a_circle() {
    let mut net = net();
    assert_eq!(order(&net).unwrap(), ["home", "pad", "mast", "pond", "shed", "isle", "reef"]);
    net.join("pond", "pad", 1);
    let error = order(&net).unwrap_err();
    assert_eq!(error, NetError::Circle { through: "pad".into() });
    assert_eq!(error.to_string(), "a circle through pad");
    let place = net.find("pad").unwrap();
    assert_eq!((net.name(place), net.from(place).len()), ("pad", 1));
}
