using System.Globalization;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Api.S3.Signing;
using MediaAspire.Tests.Harness;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace MediaAspire.Tests.Api.S3.Dispatch;

public sealed class S3LimitsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_key_above_its_rate_is_told_when_to_come_back_and_others_are_not_affected()
    {
        await using var host = await StartAsync(("Limits:KeyRequestsPerSecond", "0.01"), ("Limits:KeyBurst", "3"));
        await host.CreateBucketAsync("first");

        for (var number = 0; number < 3; number++)
        {
            using var served = await host.GetAsync("/first");
            await served.AssertStatusAsync(200);
        }

        using var refused = await host.GetAsync("/first");
        await refused.AssertErrorAsync(503, "SlowDown");
        Assert.InRange(int.Parse(refused.Header("Retry-After")!, CultureInfo.InvariantCulture), 90, 100);
        using var other = await host.SendAsync(HttpMethod.Get, "/first", owner: "bob");
        await other.AssertErrorAsync(403, "AccessDenied");
    }

    [Fact]
    public async Task An_address_above_its_rate_is_refused_without_a_key_and_served_with_one()
    {
        await using var host = await StartAsync(("Limits:AddressRequestsPerSecond", "0.01"), ("Limits:AddressBurst", "2"));
        await host.CreateBucketAsync("first");

        for (var number = 0; number < 2; number++)
        {
            using var anonymous = await host.SendAsync(HttpMethod.Get, "/first", owner: null);
            await anonymous.AssertErrorAsync(403, "AccessDenied");
        }

        using var refused = await host.SendAsync(HttpMethod.Get, "/first", owner: null);
        await refused.AssertErrorAsync(503, "SlowDown");
        using var served = await host.GetAsync("/first");
        await served.AssertStatusAsync(200);
    }

    [Fact]
    public async Task Wrong_signatures_are_refused_sooner_after_a_while()
    {
        await using var host = await S3TestHost.StartAsync(
            postgres,
            settings: Settings(("Limits:FailedAuthenticationsPerMinute", "1"), ("Limits:FailedAuthenticationBurst", "5")),
            services: services => services.AddSingleton<IS3Authenticator, NoSuchKey>());

        for (var number = 0; number < 5; number++)
        {
            using var wrong = await host.GetAsync("/first");
            await wrong.AssertErrorAsync(403, "InvalidAccessKeyId");
        }

        using var refused = await host.GetAsync("/first");
        await refused.AssertErrorAsync(503, "SlowDown");
        Assert.InRange(int.Parse(refused.Header("Retry-After")!, CultureInfo.InvariantCulture), 50, 60);
    }

    private Task<S3TestHost> StartAsync(params (string Name, string Value)[] settings) =>
        S3TestHost.StartAsync(postgres, settings: Settings(settings));

    private static Dictionary<string, string?> Settings(params (string Name, string Value)[] settings) =>
        settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value);

    private sealed class NoSuchKey : IS3Authenticator
    {
        public ValueTask<S3Authentication> AuthenticateAsync(HttpRequest request, CancellationToken cancellationToken) =>
            throw SigningErrors.InvalidAccessKeyId("AKIANOBODY").ToException();
    }
}
