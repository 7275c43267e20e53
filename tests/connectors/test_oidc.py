"""An identity provider that does not get done with its answer."""

import pytest

from lamplighter.connectors.oidc import OpenIdProvider
from lamplighter.desk.ports.identity import Begun, ProviderUnreachable
from tests.connectors.clearinghouse.test_envelopes import dripping

BACK = "http://localhost/sign-in/provider/back"


@pytest.mark.parametrize("step", ["begin", "vouched"])
def test_a_provider_that_sends_a_byte_now_and_then_is_hung_up_on_at_each_step(step: str) -> None:
    with dripping() as (url, hung_up):
        provider = OpenIdProvider(url, "the-desk", "", "Our provider", deadline=0.3)
        begun = Begun(url, url, BACK, "state", "nonce", "verifier", url, False, url, None, None)
        with pytest.raises(ProviderUnreachable):
            provider.begin(BACK) if step == "begin" else provider.vouched(begun, "code")
        assert hung_up.wait(30)
