using System.Data.Common;
using System.Net.Sockets;
using MediaAspire.Core.Database;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Database;

/// <summary>A migration that waits for the database to answer. In a published graph nothing else orders the starts.</summary>
internal sealed partial class MigrationJob(
    MigrationRunner runner,
    PostgresSettingsCheck settings,
    IOptions<MigrateOptions> options,
    TimeProvider time,
    ILogger<MigrationJob> logger)
{
    private static readonly TimeSpan s_retryDelay = TimeSpan.FromSeconds(1);

    /// <summary>Brings the schema up to date.</summary>
    /// <returns>
    /// True when the schema is up to date; false when the database did not answer in time, refused, or has settings that lose data. The log
    /// says which.
    /// </returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        while (true)
        {
            try
            {
                if (!await settings.CheckOnceAsync(cancellationToken))
                {
                    return false;
                }

                await runner.RunAsync(options.Value.Roles, cancellationToken);
                return true;
            }
            catch (Exception exception) when (exception is DbException { IsTransient: true } or SocketException or TimeoutException)
            {
                if (time.GetElapsedTime(since) >= options.Value.Patience)
                {
                    LogTimedOut(exception.Message, options.Value.Patience);
                    return false;
                }

                LogUnavailable(exception.Message, s_retryDelay);
            }
            catch (DbException exception)
            {
                LogRefused(exception);
                return false;
            }

            await Task.Delay(s_retryDelay, time, cancellationToken);
        }
    }

    [LoggerMessage(LogLevel.Information, "The database does not answer yet ({Reason}); trying again in {Delay}")]
    private partial void LogUnavailable(string reason, TimeSpan delay);

    [LoggerMessage(LogLevel.Error, "The schema was not migrated: the database refused")]
    private partial void LogRefused(DbException exception);

    [LoggerMessage(LogLevel.Error, "The schema was not migrated: the database did not answer within {Patience}: {Reason}")]
    private partial void LogTimedOut(string reason, TimeSpan patience);
}
