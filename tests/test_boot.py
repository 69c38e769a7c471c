def test_health(stranger):
    assert stranger.get("/healthz").json == {"status": "ok"}
    r = stranger.get("/readyz"); print(r.json); assert r.status_code == 200
def test_404(stranger):
    r = stranger.get("/nope"); assert r.status_code == 404; print(r.text[:300], r.headers)
def test_2(context, alder):
    from doorstep.core import tenancy
    from doorstep.orders.models import Order
    with tenancy.org_scope(alder.id):
        assert tenancy.get(Order, alder.order_id).number == 1001
