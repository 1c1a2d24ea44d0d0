using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MediaAspire.Core.Database;

/// <summary>A check, at the start of a process, of the settings of a server that keeps its data.</summary>
/// <remarks>
/// A setting that loses acknowledged data ends the process, except in development or where it is allowed, where it is logged. A server that
/// does not answer is asked again until it does: a process may start before it.
/// </remarks>
/// <param name="allowsUnsafe">Logs problems instead of ending the process.</param>
/// <param name="setting">The key of the setting that allows problems.</param>
/// <param name="environment">The process's environment.</param>
/// <param name="lifetime">Ends the process.</param>
/// <param name="time">The clock of the pauses.</param>
/// <param name="logger">The log.</param>
public abstract partial class ServerSettingsCheck(
    bool allowsUnsafe, string setting, IHostEnvironment environment, IHostApplicationLifetime lifetime, TimeProvider time, ILogger logger)
    : BackgroundService
{
    private const int Failed = 1;

    private static readonly TimeSpan s_retryDelay = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Gets a task that completes when the server has answered and its settings are accepted.</summary>
    public Task Accepted => _completed.Task;

    /// <summary>Decides whether problems end the process, and logs them.</summary>
    /// <returns>True when the process may run.</returns>
    public static bool Judge(
        IReadOnlyList<string> problems, bool allowsUnsafe, string setting, IHostEnvironment environment, ILogger logger)
    {
        var isRefused = !allowsUnsafe && !environment.IsDevelopment();
        foreach (var problem in problems)
        {
            if (isRefused)
            {
                LogRefused(logger, problem, setting);
            }
            else
            {
                LogUnsafe(logger, problem, environment.EnvironmentName);
            }
        }

        return problems.Count == 0 || !isRefused;
    }

    /// <summary>Asks the server.</summary>
    /// <returns>
    /// One sentence for each problem, with the value and the remedy; <see langword="null"/> when the server did not answer.
    /// </returns>
    protected abstract Task<IReadOnlyList<string>?> FindProblemsAsync(CancellationToken cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        IReadOnlyList<string>? problems;
        while ((problems = await FindProblemsAsync(stoppingToken)) is null)
        {
            await Task.Delay(s_retryDelay, time, stoppingToken);
        }

        if (Judge(problems, allowsUnsafe, setting, environment, logger))
        {
            _completed.TrySetResult();
            return;
        }

        // A host that is stopped while it starts fails with an exception of its own, and another exit code.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (lifetime.ApplicationStarted.Register(started.SetResult))
        {
            await started.Task.WaitAsync(stoppingToken);
        }

        Environment.ExitCode = Failed;
        lifetime.StopApplication();
    }

    [LoggerMessage(LogLevel.Critical, "{Problem} The process ends. To run it nevertheless, set {Setting}=true")]
    private static partial void LogRefused(ILogger logger, string problem, string setting);

    [LoggerMessage(LogLevel.Warning, "UNSAFE: {Problem} Accepted in the environment {Environment}; production refuses it")]
    private static partial void LogUnsafe(ILogger logger, string problem, string environment);
}
