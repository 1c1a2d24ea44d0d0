using System.Reflection;
using System.Reflection.Emit;
using System.Security.Cryptography;
using MediaAspire.Api.Problems;
using MediaAspire.Core.ApiKeys;
using MediaAspire.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Api.Security;

public sealed class SecurityOptionsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task An_open_API_accepts_everybody_and_warns_at_each_start()
    {
        var log = new GraphLog();
        await using var app = Build("Development", log, ("Security:Open", "true"));
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        foreach (var path in new[] { "/read", "/metrics", "/admin/api-keys", $"/read?api_key={TestApiKey.Text}" })
        {
            using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.True(response.IsSuccessStatusCode, $"{path}: {response.StatusCode}");
        }

        // A forgotten policy does not become a hole by this.
        using var forgotten = await client.GetAsync(new Uri("/forgotten", UriKind.Relative));
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, forgotten.StatusCode);
        Assert.Equal("Anonymous  ", await client.GetStringAsync(new Uri("/read", UriKind.Relative)));
        Assert.Contains("Security:Open is true", log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_open_API_does_not_start_in_production()
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(async () =>
        {
            await using var app = Build("Production", new GraphLog(), ("Security:Open", "true"));
            await app.StartAsync();
        });

        Assert.Contains("Security:Open is true, which is refused in Production", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Security:AdminKey is not an API key", "Security:AdminKey", "a-password-that-nobody-knows-yet-1234567")]
    [InlineData("Security:AdminKey is not an API key", "Security:AdminKey", "ma_root_short")]
    [InlineData("KeysCachedFor", "Security:KeysCachedFor", "00:02:00")]
    [InlineData("UsesWrittenEvery", "Security:UsesWrittenEvery", "00:00:00")]
    public async Task A_bad_setting_stops_the_start_and_is_not_repeated(string expected, string key, string value)
    {
        await using var app = Build("Production", new GraphLog(), (key, value));

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync());

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(value, key == "Security:AdminKey" ? failure.Message : "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_admin_key_the_start_warns()
    {
        await postgres.ClearAsync("api_keys");
        var log = new GraphLog();
        await using var app = Build("Production", log);

        await app.Services.GetRequiredService<RootApiKey>().RecordAsync(CancellationToken.None);

        Assert.Contains("No API key can administer the cluster", log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_are_compared_in_a_time_that_does_not_depend_on_them()
    {
        var calls = CallsOf(typeof(ApiKey).GetMethod("Matches", BindingFlags.Instance | BindingFlags.NonPublic)!).ToList();

        Assert.Equal(2, calls.Count(call => call.Name == nameof(CryptographicOperations.FixedTimeEquals)));
        Assert.DoesNotContain(calls, call => call.Name.Contains("SequenceEqual", StringComparison.Ordinal) || call.Name == "op_Equality");
    }

    private WebApplication Build(string environment, GraphLog log, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(log);
        builder.Services.AddSingleton(postgres.Database);
        foreach (var (key, value) in settings)
        {
            builder.Configuration[key] = value;
        }

        builder.AddProblems();
        builder.AddSecurityWithLimits();
        var app = builder.Build();
        SecuredApi.Map(app);
        return app;
    }

    /// <summary>Reads the methods that a method's code calls.</summary>
    private static IEnumerable<MethodBase> CallsOf(MethodInfo method)
    {
        var code = method.GetMethodBody()!.GetILAsByteArray()!;
        for (var at = 0; at + 5 <= code.Length; at++)
        {
            if (code[at] is var opcode && (opcode == OpCodes.Call.Value || opcode == OpCodes.Callvirt.Value)
                && TryResolve(BitConverter.ToInt32(code, at + 1)) is { } called)
            {
                yield return called;
                at += 4;
            }
        }

        MethodBase? TryResolve(int token)
        {
            try
            {
                return method.Module.ResolveMethod(token);
            }
            catch (ArgumentException)
            {
                // The byte belongs to an operand.
                return null;
            }
        }
    }
}
