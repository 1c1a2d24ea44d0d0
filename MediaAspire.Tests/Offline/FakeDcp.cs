using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace MediaAspire.Tests.Offline;

/// <summary>An orchestrator of executables that starts nothing, and whose controllers can be made to miss what they are asked.</summary>
internal sealed class FakeDcp : IAsyncDisposable
{
    private const string Executables = "/apis/usvc-dev.developer.microsoft.com/v1/{plural}";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mediaaspire-dcp-");
    private readonly Lock _lock = new();
    private readonly Dictionary<string, JsonObject> _objects = [];
    private readonly List<Channel<string>> _watches = [];
    private readonly X509Certificate2 _certificate = MakeCertificate();
    private WebApplication? _server;
    private int _version;

    /// <summary>Gets the program that is to be started as dcp.</summary>
    public string Program => Path.Combine(_folder.FullName, "dcp");

    /// <summary>Gets or sets whether creations and deletions are answered and then not acted upon, until the object changes once more.</summary>
    public bool IsInattentive { get; set; }

    /// <summary>How many processes were started.</summary>
    public int Started { get; private set; }

    public static async Task<FakeDcp> StartAsync()
    {
        var dcp = new FakeDcp();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.UseHttps(dcp._certificate);
            }));
        var server = builder.Build();
        server.MapGet(Executables, dcp.ReadAsync);
        server.MapPost(Executables, async (string plural, HttpRequest request) => dcp.Create(await ParseAsync(request)));
        server.MapDelete(Executables + "/{name}", dcp.Delete);
        server.MapPatch(Executables + "/{name}", dcp.Touch);
        server.MapPatch("/admin/execution", dcp.End);
        await server.StartAsync();
        dcp._server = server;
        await dcp.WriteProgramAsync();
        return dcp;
    }

    /// <summary>Ends an executable's process.</summary>
    public void Finish(string name)
    {
        lock (_lock)
        {
            _objects[name]["status"] = new JsonObject { ["state"] = "Finished", ["exitCode"] = 137 };
            Announce("MODIFIED", _objects[name]);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        _certificate.Dispose();
        _folder.Delete(recursive: true);
    }

    private static async Task<JsonObject> ParseAsync(HttpRequest request) => (JsonObject)(await JsonNode.ParseAsync(request.Body))!;

    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=dcp", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private async Task WriteProgramAsync()
    {
        var kubeconfig = Path.Combine(_folder.FullName, "kubeconfig");
        var authority = Convert.ToBase64String(Encoding.ASCII.GetBytes(_certificate.ExportCertificatePem()));
        await File.WriteAllTextAsync(kubeconfig, $"certificate-authority-data: {authority}\nserver: {_server!.Urls.Single()}\ntoken: none\n");
        await File.WriteAllTextAsync(Program, $"""
            #!/bin/sh
            echo "$DCP_SESSION_FOLDER" > '{_folder.FullName}/session'
            cp '{kubeconfig}' "$DCP_SESSION_FOLDER/kubeconfig"

            """);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    private async Task ReadAsync(string plural, HttpContext context)
    {
        if (!context.Request.Query.ContainsKey("watch"))
        {
            await context.Response.WriteAsJsonAsync(new JsonObject { ["items"] = new JsonArray() }, context.RequestAborted);
            return;
        }

        var watch = Channel.CreateUnbounded<string>();
        if (plural == "executables")
        {
            lock (_lock)
            {
                _watches.Add(watch);
                foreach (var value in _objects.Values)
                {
                    watch.Writer.TryWrite(Line("ADDED", value));
                }
            }
        }

        await context.Response.StartAsync(context.RequestAborted);
        await foreach (var line in watch.Reader.ReadAllAsync(context.RequestAborted))
        {
            await context.Response.WriteAsync(line + "\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }

    private IResult Create(JsonObject value)
    {
        lock (_lock)
        {
            if (!_objects.TryAdd((string)value["metadata"]!["name"]!, value))
            {
                return Results.Conflict();
            }

            Announce("ADDED", value);
            if (!IsInattentive)
            {
                Act(value);
            }

            return Results.StatusCode(StatusCodes.Status201Created);
        }
    }

    private IResult Delete(string plural, string name)
    {
        lock (_lock)
        {
            if (!_objects.TryGetValue(name, out var value))
            {
                return Results.NotFound();
            }

            value["metadata"]!["deletionTimestamp"] = "2026-01-01T00:00:00Z";
            Announce("MODIFIED", value);
            if (!IsInattentive)
            {
                Act(value);
            }

            return Results.Ok();
        }
    }

    private IResult Touch(string plural, string name)
    {
        lock (_lock)
        {
            if (!_objects.TryGetValue(name, out var value))
            {
                return Results.NotFound();
            }

            Announce("MODIFIED", value);
            Act(value);
            return Results.Ok();
        }
    }

    private IResult End()
    {
        Directory.Delete(File.ReadAllText(Path.Combine(_folder.FullName, "session")).Trim(), recursive: true);
        return Results.Ok();
    }

    /// <summary>Does what a controller does that has looked at an object.</summary>
    private void Act(JsonObject value)
    {
        if (value["metadata"]!["deletionTimestamp"] is not null)
        {
            var before = (JsonObject)value.DeepClone();
            _objects.Remove((string)value["metadata"]!["name"]!);
            Announce("DELETED", value);

            // As dcp does now and then: what happened first is told last.
            Tell("MODIFIED", before);
        }
        else if (value["metadata"]!["finalizers"] is null)
        {
            Started++;
            value["metadata"]!["finalizers"] = new JsonArray("fake");
            value["status"] = new JsonObject { ["state"] = "Running", ["pid"] = 1_000_000 + Started };
            Announce("MODIFIED", value);
        }
    }

    private void Announce(string type, JsonObject value)
    {
        value["metadata"]!["resourceVersion"] = (++_version).ToString(CultureInfo.InvariantCulture);
        Tell(type, value);
    }

    private void Tell(string type, JsonObject value) => _watches.ForEach(watch => watch.Writer.TryWrite(Line(type, value)));

    private static string Line(string type, JsonObject value) => new JsonObject { ["type"] = type, ["object"] = value.DeepClone() }.ToJsonString();
}
