using MediaAspire.Core.Files;
using MediaAspire.Core.Jobs;
using MediaAspire.Core.ObjectStore;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace MediaAspire.Api.Problems;

/// <summary>Turns the faults that can occur in any request into problem documents.</summary>
internal sealed partial class RequestExceptionHandler(ILogger<RequestExceptionHandler> logger) : IExceptionHandler
{
    public const string MalformedCode = "request-malformed";

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException or ConnectionResetException && httpContext.RequestAborted.IsCancellationRequested)
        {
            // The client has disconnected.
            httpContext.Abort();
            return true;
        }

        if (ProblemFor(exception) is not { } problem)
        {
            return false;
        }

        LogRefused(logger, httpContext.Request.Method, httpContext.Request.Path, problem.StatusCode, exception.Message);
        await problem.WriteAsync(httpContext);
        return true;
    }

    private static ProblemHttpResult? ProblemFor(Exception exception) => exception switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } tooLarge =>
            Problem.Of(StatusCodes.Status413PayloadTooLarge, "body-too-large", tooLarge.Message),
        BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } slow =>
            Problem.Of(StatusCodes.Status408RequestTimeout, "body-too-slow", slow.Message),
        BadHttpRequestException bad => Problem.Of(bad.StatusCode, MalformedCode, bad.Message),
        FileUnavailableException unavailable =>
            Problem.Of(StatusCodes.Status503ServiceUnavailable, "chunk-unavailable", unavailable.Message + " Try again later."),
        JobQueueUnavailableException unavailable =>
            Problem.Of(StatusCodes.Status503ServiceUnavailable, "job-queue-unavailable", unavailable.Message + " Try again later."),
        ObjectStoreException unavailable => Problem.Of(
            StatusCodes.Status503ServiceUnavailable, "object-store-unavailable",
            $"The object store refused or did not answer: {unavailable.Message} Try again later."),
        NpgsqlException { IsTransient: true } => Problem.Of(
            StatusCodes.Status503ServiceUnavailable, "database-unavailable", "The database is unavailable. Try again later."),
        _ => null,
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "Refused {Method} {Path} with {Status}: {Reason}")]
    private static partial void LogRefused(ILogger logger, string method, PathString path, int status, string reason);
}
