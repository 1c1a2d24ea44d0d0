using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dcp;

/// <summary>Carries the output of instances from dcp into the logs of their resources.</summary>
internal sealed partial class DcpLogStream(DcpClient client, ResourceLoggerService loggers, ILogger logger)
{
    private const string SystemSource = "system";

    private static readonly string[] s_executableSources = ["stdout", "stderr", SystemSource];
    private static readonly string[] s_containerSources = ["startup_stdout", "startup_stderr", "stdout", "stderr", SystemSource];

    /// <summary>Follows all output of a process until it has ended.</summary>
    public Task FollowExecutableAsync(string name, CancellationToken cancellationToken) =>
        Task.WhenAll(s_executableSources.Select(source => FollowAsync(DcpKinds.Executable, name, source, cancellationToken)));

    /// <summary>Follows all output of a container, and of the runtime that starts it, until it has ended.</summary>
    public Task FollowContainerAsync(string name, CancellationToken cancellationToken) =>
        Task.WhenAll(s_containerSources.Select(source => FollowAsync(DcpKinds.Container, name, source, cancellationToken)));

    private async Task FollowAsync<TSpec, TStatus>(
        DcpKind<TSpec, TStatus> kind,
        string name,
        string source,
        CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await client.TryOpenLogAsync(kind, name, source, cancellationToken);
            if (stream is null)
            {
                return;
            }

            using var reader = new StreamReader(stream);
            while (await reader.ReadLineAsync(cancellationToken) is { } line)
            {
                Append(name, source, line);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The application stops.
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            LogBroken(exception, source, name);
        }
    }

    private void Append(string name, string source, string line)
    {
        if (source == SystemSource && DcpSystemLine.TryParse(line) is { } said)
        {
            loggers.Append(name, said.Content, said.IsError);
        }
        else
        {
            loggers.Append(name, line, isErrorMessage: source.EndsWith("stderr", StringComparison.Ordinal));
        }
    }

    [LoggerMessage(LogLevel.Debug, "The stream {Source} of {Instance} broke.")]
    private partial void LogBroken(Exception exception, string source, string instance);
}
