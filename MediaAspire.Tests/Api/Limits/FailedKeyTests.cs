using System.Net;
using MediaAspire.Core.ApiKeys;
using MediaAspire.Tests.Api.Security;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.Limits;

public sealed class FailedKeyTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Wrong_keys_of_an_address_are_refused_with_429_after_a_while_and_a_key_in_use_is_not()
    {
        await postgres.ClearAsync("api_keys");
        await using var api = await SecuredApi.StartAsync(postgres.Database, new ManualTime());
        using var client = new HttpClient { BaseAddress = api.Address };
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(client, TestApiKey.Text)).Status);

        for (var number = 0; number < 100; number++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(client, WrongKey())).Status);
        }

        var refused = await GetAsync(client, WrongKey());
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.Contains("\"rate-limited\"", refused.Body, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(client, TestApiKey.Text)).Status);
    }

    private static string WrongKey() => ApiKeyFormat.Compose(ApiKeyFormat.NewId(), ApiKeyFormat.NewSecret());

    private static async Task<(HttpStatusCode Status, string Body, TimeSpan? RetryAfter)> GetAsync(HttpClient client, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/read");
        request.Headers.Add(TestApiKey.Header, key);
        using var response = await client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.RetryAfter?.Delta);
    }
}
