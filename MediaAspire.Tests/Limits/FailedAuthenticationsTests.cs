using System.Net;
using MediaAspire.Core.Limits;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Limits;

public sealed class FailedAuthenticationsTests
{
    private readonly ManualTime _time = new();
    private readonly FailedAuthentications _failures;

    public FailedAuthenticationsTests()
    {
        var options = Options.Create(new LimitOptions { FailedAuthenticationsPerMinute = 6, FailedAuthenticationBurst = 5 });
        _failures = new(LimiterHarness.Limiter(new TestTokens(_time), _time), options, LimiterHarness.Metrics(), _time);
    }

    [Fact]
    public async Task An_address_that_fails_too_often_is_refused_for_a_while_and_no_other_is()
    {
        var attacker = IPAddress.Parse("192.0.2.1");
        Assert.Equal(5, await FailAsync("192.0.2.1", 5));
        Assert.Equal(TimeSpan.Zero, _failures.RefusedFor(attacker));

        var refused = await _failures.CountAsync(attacker, CancellationToken.None);
        Assert.False(refused.IsAllowed);
        Assert.InRange(refused.RetryAfter, TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(10));
        Assert.InRange(_failures.RefusedFor(attacker), TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(10));
        Assert.InRange(_failures.RefusedFor(IPAddress.Parse("::ffff:192.0.2.1")), TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(10));
        Assert.Equal(TimeSpan.Zero, _failures.RefusedFor(IPAddress.Parse("192.0.2.2")));
        Assert.Equal(1, await FailAsync("192.0.2.2", 1));

        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(TimeSpan.Zero, _failures.RefusedFor(attacker));
        Assert.Equal(1, await FailAsync("192.0.2.1", 3));
    }

    [Fact]
    public async Task A_client_cannot_evade_the_limit_by_other_addresses_of_its_IPv6_network()
    {
        var allowed = 0;
        for (var number = 1; number <= 20; number++)
        {
            allowed += await FailAsync($"2001:db8:1:2::{number:x}", 1);
        }

        Assert.Equal(5, allowed);
        Assert.Equal(1, await FailAsync("2001:db8:1:3::1", 1));
    }

    private async Task<int> FailAsync(string address, int times)
    {
        var allowed = 0;
        for (var i = 0; i < times; i++)
        {
            allowed += (await _failures.CountAsync(IPAddress.Parse(address), CancellationToken.None)).IsAllowed ? 1 : 0;
        }

        return allowed;
    }
}
