fn main() {
    flightsmith_runner::main(a_mission::fly, include_str!("../plan.json"));
}
