using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.Dcp;

/// <summary>Starts dcp in a session of its own, and sees to it that it is gone in the end.</summary>
/// <remarks>
/// dcp is detached, so that Ctrl-C reaches only the AppHost, which then stops things in order. It watches the AppHost's
/// process and stops everything by itself when that dies.
/// </remarks>
internal sealed partial class DcpHost(IOptions<DcpOptions> options, TimeProvider timeProvider, ILogger<DcpHost> logger) : IAsyncDisposable
{
    private const string SessionPrefix = "aspire-dcp-";

    private static readonly TimeSpan s_leftoverAge = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_startTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_stopTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_pollInterval = TimeSpan.FromMilliseconds(20);

    // These describe the AppHost, not what it runs.
    private static readonly string[] s_notInherited =
        ["ASPNETCORE_URLS", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "DOTNET_LAUNCH_PROFILE", "ASPIRE_LOGLEVEL"];

    private readonly SemaphoreSlim _stopping = new(1, 1);
    private DirectoryInfo? _session;
    private DcpClient? _client;
    private bool _isStopped;

    /// <summary>Gets what calls dcp.</summary>
    /// <exception cref="InvalidOperationException">dcp has not been started.</exception>
    public DcpClient Client => _client ?? throw new InvalidOperationException("dcp has not been started.");

    /// <summary>Starts dcp and returns when it answers.</summary>
    /// <exception cref="DistributedApplicationException">dcp is not where it should be, or does not come up.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(options.Value.CliPath))
        {
            throw new DistributedApplicationException(
                $"The orchestrator dcp is not at '{options.Value.CliPath}'. Run offline/build-feed.sh and build the AppHost again.");
        }

        RemoveLeftovers();
        _session = Directory.CreateTempSubdirectory(SessionPrefix);
        var kubeconfigPath = Path.Combine(_session.FullName, "kubeconfig");
        await LaunchAsync(options.Value.CliPath, kubeconfigPath, cancellationToken);

        var kubeconfig = await ReadKubeconfigAsync(kubeconfigPath, cancellationToken);
        _client = new(kubeconfig);
        LogStarted(kubeconfig.Server, _session.FullName);
    }

    /// <summary>Has dcp stop everything that still runs and itself; returns when it is gone. Idempotent.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.WaitAsync(cancellationToken);
        try
        {
            if (_isStopped || _session is null)
            {
                return;
            }

            if (_client is not null)
            {
                await _client.RequestShutdownAsync(cancellationToken);
                await WaitUntilGoneAsync(_session, cancellationToken);
            }

            _isStopped = true;
        }
        catch (HttpRequestException exception)
        {
            // Nobody is there to be stopped: dcp also ends by itself, with the AppHost at the latest.
            LogAlreadyGone(exception);
            _isStopped = true;
        }
        finally
        {
            _stopping.Release();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        using var timeout = new CancellationTokenSource(s_stopTimeout, timeProvider);
        try
        {
            await StopAsync(timeout.Token);
        }
        catch (OperationCanceledException exception)
        {
            LogStillThere(exception, s_stopTimeout);
        }

        _client?.Dispose();
        _stopping.Dispose();
    }

    // In its last moments dcp makes the folder again that it has just deleted, empty.
    private void RemoveLeftovers()
    {
        var limit = timeProvider.GetUtcNow().UtcDateTime - s_leftoverAge;

        foreach (var folder in new DirectoryInfo(Path.GetTempPath()).EnumerateDirectories($"{SessionPrefix}*"))
        {
            try
            {
                if (folder.LastWriteTimeUtc < limit && !folder.EnumerateFileSystemInfos().Any())
                {
                    folder.Delete();
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Another user's, or removed by another AppHost meanwhile.
                LogLeftoverKept(exception, folder.FullName);
            }
        }
    }

    private async Task LaunchAsync(string path, string kubeconfigPath, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(path)
        {
            ArgumentList =
            {
                "start-apiserver", "--monitor", $"{Environment.ProcessId}", "--detach", "--kubeconfig", kubeconfigPath,
            },
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        if (options.Value.ContainerRuntime is { Length: > 0 } runtime)
        {
            start.ArgumentList.Add("--container-runtime");
            start.ArgumentList.Add(runtime);
        }

        foreach (var variable in s_notInherited)
        {
            start.Environment.Remove(variable);
        }

        // dcp deletes this folder when it ends.
        start.Environment["DCP_SESSION_FOLDER"] = _session!.FullName;

        using var launcher = Process.Start(start) ?? throw new DistributedApplicationException($"'{path}' could not be started.");
        var output = launcher.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = launcher.StandardError.ReadToEndAsync(cancellationToken);
        await launcher.WaitForExitAsync(cancellationToken);

        if (launcher.ExitCode != 0)
        {
            throw new DistributedApplicationException($"dcp ended with {launcher.ExitCode}: {await errors}{await output}");
        }
    }

    private async Task<Kubeconfig> ReadKubeconfigAsync(string path, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(s_startTimeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        using var timer = new PeriodicTimer(s_pollInterval, timeProvider);

        try
        {
            while (await timer.WaitForNextTickAsync(either.Token))
            {
                if (File.Exists(path) && Kubeconfig.TryParse(await File.ReadAllTextAsync(path, either.Token)) is { } kubeconfig)
                {
                    return kubeconfig;
                }
            }
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            throw new DistributedApplicationException($"dcp did not come up within {s_startTimeout.TotalSeconds:0} s.");
        }

        throw new OperationCanceledException(cancellationToken);
    }

    private async Task WaitUntilGoneAsync(DirectoryInfo session, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_pollInterval, timeProvider);
        do
        {
            session.Refresh();
        }
        while (session.Exists && await timer.WaitForNextTickAsync(cancellationToken));
    }

    [LoggerMessage(LogLevel.Debug, "dcp answers at {Address}; its session is in {Session}.")]
    private partial void LogStarted(Uri address, string session);

    [LoggerMessage(LogLevel.Debug, "The leftover {Folder} cannot be removed.")]
    private partial void LogLeftoverKept(Exception exception, string folder);

    [LoggerMessage(LogLevel.Debug, "dcp was gone before it was told to stop.")]
    private partial void LogAlreadyGone(Exception exception);

    [LoggerMessage(LogLevel.Warning, "dcp did not stop within {Timeout}; it ends with this process.")]
    private partial void LogStillThere(Exception exception, TimeSpan timeout);
}
