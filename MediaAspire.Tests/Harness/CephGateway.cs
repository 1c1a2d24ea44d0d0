using System.Diagnostics;

namespace MediaAspire.Tests.Harness;

/// <summary>
/// Ceph's RADOS gateway from Debian's packages, as an S3 of another maker. <c>MEDIAASPIRE_OBJECT_STORE=own</c> leaves it out.
/// </summary>
internal sealed class CephGateway : IAsyncDisposable
{
    private static readonly string[] s_programs =
        ["ceph", "ceph-mgr", "ceph-mon", "ceph-osd", "jq", "monmaptool", "radosgw", "radosgw-admin"];

    private static readonly TimeSpan s_startLimit = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromMinutes(1);

    private readonly Process _script;
    private readonly Task<string> _messages;

    private CephGateway(Process script, Task<string> messages, string connectionString)
    {
        _script = script;
        _messages = messages;
        ConnectionString = connectionString;
    }

    /// <summary>Gets the reason why the gateway is not started; <see langword="null"/> when it is.</summary>
    public static string? MissingReason { get; } = FindMissing();

    /// <summary>Gets the connection string of the object store, with the bucket <c>media</c>.</summary>
    public string ConnectionString { get; }

    /// <summary>Starts the gateway; it takes about half a minute.</summary>
    public static async Task<CephGateway> StartAsync()
    {
        var directory = Directory.CreateTempSubdirectory("mediaaspire-ceph-").FullName;
        var script = Process.Start(new ProcessStartInfo(Path.Combine(Snapshot.Repository, "eng/ceph-gateway.sh"), [directory])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var limit = new CancellationTokenSource(s_startLimit);
        var messages = script.StandardError.ReadToEndAsync();
        var line = await script.StandardOutput.ReadLineAsync(limit.Token);
        if (line?.Split(' ') is not [var endpoint, var accessKey, var secretKey])
        {
            throw new InvalidOperationException($"Ceph did not start: {await messages}");
        }

        return new CephGateway(
            script, messages, $"Endpoint={endpoint};AccessKey={accessKey};SecretKey={secretKey};Region=us-east-1;Bucket=media");
    }

    public async ValueTask DisposeAsync()
    {
        _script.StandardInput.Close();
        using var limit = new CancellationTokenSource(s_stopLimit);
        try
        {
            await _script.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _script.Kill(entireProcessTree: true);
        }

        await _messages;
        _script.Dispose();
    }

    private static string? FindMissing()
    {
        const string setting = "MEDIAASPIRE_OBJECT_STORE";
        if (Environment.GetEnvironmentVariable(setting) == "own")
        {
            return $"{setting} is \"own\".";
        }

        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        var missing = s_programs.Where(program => !folders.Any(folder => File.Exists(Path.Combine(folder, program)))).ToArray();
        return missing.Length == 0
            ? null
            : $"Not installed: {string.Join(", ", missing)}. On Debian: apt-get install ceph-mon ceph-mgr ceph-osd radosgw jq";
    }
}

/// <summary>A test that needs Ceph's gateway, and is skipped where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CephFactAttribute : FactAttribute
{
    public CephFactAttribute() => Skip = CephGateway.MissingReason;
}
