using System.Text.Json;
using MediaAspire.Api.Audit;
using MediaAspire.Api.Problems;
using MediaAspire.Api.Security;
using MediaAspire.Core.ApiKeys;
using MediaAspire.Core.Audit;
using MediaAspire.Core.Ids;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaAspire.Tests.Api.Audit;

/// <summary>A server with the audit log, and with routes that end in each way.</summary>
internal sealed class AuditHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private AuditHost(WebApplication app)
    {
        _app = app;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public HttpClient Client { get; }

    private AuditLog Log => _app.Services.GetRequiredService<AuditLog>();

    public static async Task<AuditHost> StartAsync(NpgsqlDataSource database, bool reads = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();

        // Only what is written before its response is in the database without a flush.
        builder.Configuration.AddInMemoryCollection([new("Audit:FlushInterval", "00:01:00"), new("Audit:Reads", reads.ToString())]);
        builder.Services.AddSingleton(database);
        builder.AddProblems();
        builder.AddAuditLog();
        var app = builder.Build();
        app.UseAudit();
        app.UseProblems();
        app.Use(AuthenticateAsync);
        Map(app.MapGroup("/files").WithAuditedProblems(), "File");
        var admin = app.MapGroup("/admin").WithAuditedProblems();
        Map(admin.MapGroup("/things"), "Thing");
        admin.MapAuditEvents();
        await app.StartAsync();
        return new(app);
    }

    public async Task<HttpResponseMessage> SendAsync(string method, string target, string? key = "KEY")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), target);
        if (key is not null)
        {
            request.Headers.Add("x-test-key", key);
            request.Headers.Add("X-Api-Key", ApiKeyFormat.Compose("claimed12", new string('s', 43)));
        }

        return await Client.SendAsync(request);
    }

    /// <summary>Lists the events that are in the database.</summary>
    public async Task<IReadOnlyList<JsonElement>> ListAsync(string query = "")
    {
        using var response = await SendAsync("GET", "/admin/audit" + query);
        var text = await response.Content.ReadAsStringAsync();
        return [.. JsonDocument.Parse(text).RootElement.GetProperty("events").EnumerateArray()];
    }

    public Task FlushAsync() => Log.FlushAsync(endWindow: true, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    private static void Map(RouteGroupBuilder group, string name)
    {
        group.MapPost("/", () => TypedResults.Created($"{(name == "File" ? "/files" : "/admin/things")}/7", "a body"))
            .WithName("Create" + name);
        group.MapPut("/{id}", (string id) => TypedResults.Ok(id)).WithName("Put" + name);
        group.MapDelete("/{id}", (string id) => TypedResults.NoContent()).WithName("Delete" + name);
        group.MapGet("/{id}", (string id) => TypedResults.Ok(id)).WithName("Get" + name);
        group.MapPost("/{id}/missing", (string id) => Problem.Of(404, "thing-not-found", id)).WithName("Miss" + name);
        group.MapPost("/{id}/broken", IResult (string id) => throw new InvalidDataException(id)).WithName("Break" + name);
    }

    private static Task AuthenticateAsync(HttpContext http, RequestDelegate next)
    {
        switch (http.Request.Headers["x-test-key"].ToString())
        {
            case "":
                http.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return Task.CompletedTask;
            case "WRONG":
                return Problem.Of(StatusCodes.Status403Forbidden, "key-refused", "The key is wrong.").WriteAsync(http);
            case var key:
                http.SetCaller(new Caller(CallerKind.ApiKey, key, new OwnerId("alice")));
                return next(http);
        }
    }
}
