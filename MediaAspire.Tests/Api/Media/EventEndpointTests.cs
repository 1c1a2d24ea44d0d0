using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using MediaAspire.Api.Media;
using MediaAspire.Api.Problems;
using MediaAspire.Api.Security;
using MediaAspire.Core.ApiKeys;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Uploads;
using MediaAspire.Core.ObjectStore;
using MediaAspire.Tests.Api.Security;
using MediaAspire.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Api.Media;

/// <summary>The route <c>POST /media/events</c> with real keys, and a finisher that a test controls.</summary>
public sealed class EventEndpointTests(PostgresFixture postgres) : IAsyncLifetime, IDisposable, IClassFixture<PostgresFixture>
{
    private const string Secret = "0123456789012345678901234567890123456789012";

    private static readonly MediaId s_item = new(Guid.Parse("01936f3e-9c5a-7cc1-8f1e-3a1d8b0c4e55"));

    private readonly Finisher _finisher = new();
    private readonly ObjectStoreClient _store = new(
        Options.Create(new ObjectStoreOptions
        {
            ConnectionString = "Endpoint=http://127.0.0.1:1;AccessKey=a;SecretKey=b;Bucket=media",
        }),
        TimeProvider.System);

    private WebApplication _app = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        await postgres.ClearAsync("api_keys");
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(postgres.Database);
        builder.Services.AddSingleton<IUploadFinisher>(_finisher);
        builder.Services.AddSingleton<IObjectStore>(_store);
        builder.Services.AddSingleton<ReportUploads>();
        builder.AddProblems();
        builder.AddTestSecurity();
        builder.Configuration["Security:EventsKey"] = $"ma_events_{Secret}";
        _app = builder.Build();
        _app.UseProblems();
        _app.UseRouting();
        _app.UseSecurity();
        _app.MapGroup("/media").MapEvents();
        await _app.StartWithKeyAsync();
        _client = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    public void Dispose()
    {
        _client.Dispose();
        _store.Dispose();
    }

    [Fact]
    public async Task Every_record_gets_a_result_and_late_repeated_unknown_and_foreign_ones_are_acknowledged()
    {
        _finisher.Respond = key => key switch
        {
            "media/done" => new(FinishState.Complete) { Id = s_item, StoredParts = 1, Parts = 1 },
            "media/late" => new(FinishState.Already) { Id = s_item, StoredParts = 1, Parts = 1 },
            "media/wrong" => new(FinishState.Refused) { Id = s_item, Parts = 1, Code = "size-mismatch" },
            _ => FinishOutcome.Unknown,
        };

        var results = await ReportAsync(
            200,
            Records(
                ("ObjectCreated:Put", "media", "media/done"), ("ObjectCreated:Put", "media", "media/late"),
                ("ObjectCreated:Put", "media", "media/wrong"), ("ObjectCreated:Put", "media", "other/x"),
                ("ObjectCreated:Put", "foreign", "media/done"), ("ObjectRemoved:Delete", "media", "media/done")));

        Assert.Equal(
            ["complete", "already", "refused", "unknown", "foreign", "ignored"],
            results.Select(result => result.GetProperty("result").GetString()));
        Assert.Equal(s_item.ToString(), results[0].GetProperty("id").GetString());
        Assert.Equal("size-mismatch", results[2].GetProperty("code").GetString());
        Assert.False(results[4].TryGetProperty("id", out _));
        Assert.Equal(["media/done", "media/late", "media/wrong", "other/x"], _finisher.Keys);
    }

    [Fact]
    public async Task An_item_with_missing_parts_is_202_and_each_answer_has_its_own_progress()
    {
        // The origin shared one message object, so that two uploads could report each other's progress.
        _finisher.Respond = key => new(FinishState.Partial)
        {
            Id = s_item,
            StoredParts = key == "media/a" ? 1 : 3,
            Parts = key == "media/a" ? 2 : 4,
        };

        var results = await ReportAsync(
            202, Records(("ObjectCreated:Put", "media", "media/a"), ("ObjectCreated:Put", "media", "media/b")));

        Assert.Equal(["1/2", "3/4"], results.Select(result => result.GetProperty("uploaded").GetString()));
    }

    [Fact]
    public async Task A_failure_is_not_acknowledged_so_that_the_store_reports_again()
    {
        _finisher.Respond = _ => throw new ObjectStoreException("The store is down.", code: null, innerException: null);

        using var response = await SendAsync("""{"key":"media/a"}""");

        Assert.Equal(503, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[[[[[[[[")]
    [InlineData("{\"Records\":[{}]}")]
    public async Task A_document_of_no_form_is_400(string body)
    {
        using var response = await SendAsync(body);

        await SecuredApi.ExpectAsync(response, 400, "media-events-invalid");
        Assert.Empty(_finisher.Keys);
    }

    [Fact]
    public async Task A_body_of_more_than_1_MiB_is_413()
    {
        using var response = await SendAsync(new string(' ', (1024 * 1024) + 1));

        Assert.Equal(413, (int)response.StatusCode);
        Assert.Empty(_finisher.Keys);
    }

    [Fact]
    public async Task The_events_key_may_report_events_and_nothing_else()
    {
        var keys = _app.Services.GetRequiredService<ApiKeyStore>();
        var key = await keys.FindAsync("events", default);

        Assert.Equal(["media:events"], key!.Scopes);
        using var response = await SendAsync("""{"key":"media/a"}""", new AuthenticationHeaderValue("Bearer", $"ma_events_{Secret}"));
        Assert.Equal(200, (int)response.StatusCode);
    }

    [Fact]
    public async Task Sns_authenticates_by_http_basic_with_the_key_as_its_password()
    {
        using var challenge = await SendAsync("""{"key":"media/a"}""", credentials: null, isAnonymous: true);
        Assert.Equal(401, (int)challenge.StatusCode);
        Assert.Equal("Basic", challenge.Headers.WwwAuthenticate.First().Scheme);

        using var accepted = await SendAsync("""{"key":"media/a"}""", Basic($"sns:ma_events_{Secret}"));
        Assert.Equal(200, (int)accepted.StatusCode);

        foreach (var credentials in new[]
        {
            Basic("sns:wrong"), Basic($"ma_events_{Secret}"), new("Basic", "%%%"), new("Basic", new string('A', 5000)),
        })
        {
            using var refused = await SendAsync("""{"key":"media/a"}""", credentials);
            Assert.Equal(401, (int)refused.StatusCode);
        }
    }

    [Fact]
    public async Task A_key_that_is_bound_to_an_owner_learns_nothing_of_others_items()
    {
        await _app.Services.GetRequiredService<MediaAspire.Core.Owners.OwnerStore>().CreateAsync(new OwnerId("alice"), "Alice", default);
        var store = _app.Services.GetRequiredService<ApiKeyStore>();
        await store.CreateAsync(
            new NewApiKey("bound", ApiKeyFormat.Hash(Secret), "bound", [ApiScopeNames.MediaWrite]) { Owner = new OwnerId("alice") },
            default);

        using var response = await SendAsync("""{"key":"media/a"}""", new AuthenticationHeaderValue("Bearer", $"ma_bound_{Secret}"));

        await SecuredApi.ExpectAsync(response, 403, "owner-forbidden");
        Assert.Empty(_finisher.Keys);
    }

    [Fact]
    public async Task A_subscription_is_never_confirmed_by_the_server_itself()
    {
        await using var trap = await Notifications.TestTarget.StartAsync();

        using var response = await SendAsync(
            $$"""{"Type":"SubscriptionConfirmation","SubscribeURL":"{{trap.Url}}","Token":"x"}""", mediaType: "text/plain");

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Empty(trap.Requests);
    }

    private static AuthenticationHeaderValue Basic(string credentials) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));

    private static string Records(params (string Name, string Bucket, string Key)[] records) => JsonSerializer.Serialize(new
    {
        Records = records.Select(record => new
        {
            eventName = record.Name,
            s3 = new { bucket = new { name = record.Bucket }, @object = new { key = record.Key } },
        }),
    });

    private async Task<List<JsonElement>> ReportAsync(int status, string body)
    {
        using var response = await SendAsync(body);
        var answer = await SecuredApi.ExpectAsync(response, status, code: null);
        return [.. answer.GetProperty("records").EnumerateArray()];
    }

    private async Task<HttpResponseMessage> SendAsync(
        string body, AuthenticationHeaderValue? credentials = null, bool isAnonymous = false, string mediaType = "application/json")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/media/events")
        {
            Content = new StringContent(body, Encoding.UTF8, mediaType),
            Headers = { Authorization = isAnonymous ? null : credentials ?? new("Bearer", TestApiKey.Text) },
        };
        return await _client.SendAsync(request);
    }

    private sealed class Finisher : IUploadFinisher
    {
        public ConcurrentQueue<string> Keys { get; } = new();

        public Func<string, FinishOutcome> Respond { get; set; } = _ => FinishOutcome.Unknown;

        public Task<FinishOutcome> FinishAsync(string objectKey, CancellationToken cancellationToken)
        {
            Keys.Enqueue(objectKey);
            return Task.FromResult(Respond(objectKey));
        }
    }
}
