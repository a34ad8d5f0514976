use flightsmith_sdk::{Metres, Vehicle};

pub async fn fly(mut vehicle: Vehicle) -> f32 {
    vehicle.climb_to(Metres(10.0)).await
}
