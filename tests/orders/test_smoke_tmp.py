from datetime import timedelta
from doorstep.core import clock, tenancy
from doorstep.core.actor import Actor
def test_api(api, alder):
    h=alder.dispatcher.bearer
    r=api.get("/v1/orders",headers=h); print(r.json); assert r.status_code==200
    r=api.get(f"/v1/orders/{alder.order_id}",headers=h); print(r.json); assert r.status_code==200
    r=api.post("/v1/orders",headers={**h,"Idempotency-Key":"a"},json={"client_id":str(alder.client_id),"service_id":str(alder.service_id),"extras":["oven"]}); print(r.json); assert r.status_code==201
    r2=api.post("/v1/orders",headers={**h,"Idempotency-Key":"a"},json={"client_id":str(alder.client_id),"service_id":str(alder.service_id),"extras":["oven"]}); assert r2.json==r.json, r2.json
    start=(clock.now()+timedelta(days=2)).isoformat()
    w=str(alder.worker.worker_id)
    a=api.post(f"/v1/orders/{alder.order_id}/accept",headers=h,json={"start":start,"worker_id":w}); print(a.json); assert a.status_code==200
    b=api.post(f"/v1/orders/{r.json['id']}/accept",headers=h,json={"start":start,"worker_id":w}); print(b.json); assert b.status_code==409
    assert len(b.json["alternatives"])==3
    b=api.post(f"/v1/orders/{r.json['id']}/accept",headers=h,json={"start":b.json["alternatives"][0]["start"],"worker_id":b.json["alternatives"][0]["worker_id"]}); assert b.status_code==200
    wh=alder.worker.bearer
    for step in ("on-the-way","start","pause","resume"):
        x=api.post(f"/v1/orders/{alder.order_id}/{step}",headers=wh,json={}); assert x.status_code==200, x.json
    x=api.post(f"/v1/orders/{alder.order_id}/complete",headers=wh,json={}); assert x.status_code==409; print(x.json)
    x=api.get(f"/v1/orders/{alder.order_id}/events",headers=wh); print(x.json)
    x=api.get(f"/v1/slots?service={alder.service_id}&from=2026-11-25&to=2026-11-26",headers=h); print(len(x.json["items"]), x.json["items"][0])
