using MediaAspire.Core.Files;
using MediaAspire.Core.Jobs;
using MediaAspire.Core.Quotas;
using Microsoft.AspNetCore.Connections;
using Npgsql;

namespace MediaAspire.Api.S3.Protocol;

/// <summary>Turns the failure of a request into an error document.</summary>
internal sealed partial class S3ErrorWriter(ILogger<S3ErrorWriter> logger)
{
    private const int RetryAfterSeconds = 5;

    /// <summary>Finds the error of a failed request, and logs it.</summary>
    /// <returns><see langword="null"/> when the client has disconnected.</returns>
    public S3Error? Find(S3Request request, Exception failure)
    {
        var http = request.Http;
        if (http.RequestAborted.IsCancellationRequested && failure is OperationCanceledException or ConnectionResetException)
        {
            return null;
        }

        var error = failure is QuotaExceededException exceeded ? QuotaError(request, exceeded.Refusal) : ErrorFor(failure);
        if (error.Status >= StatusCodes.Status500InternalServerError
            && error.Status != StatusCodes.Status501NotImplemented
            && failure is not S3Exception { Error.RetryAfter: not null })
        {
            LogFailed(logger, failure, request.Id, http.Request.Method, request.Resource, error.Code);
        }
        else
        {
            LogRefused(logger, request.Id, http.Request.Method, request.Resource, error.Code);
        }

        return error;
    }

    /// <summary>Writes the response to a failed request; aborts the connection instead when the response has already started.</summary>
    /// <param name="request">The request.</param>
    /// <param name="error">The error; <see langword="null"/> when the client has disconnected.</param>
    public static async Task WriteAsync(S3Request request, S3Error? error)
    {
        var http = request.Http;
        if (error is null || http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        if (ExpectedContinue.IsAsked(http.Request))
        {
            ExpectedContinue.EndConnection(http);
        }

        await WriteDocumentAsync(request, error);
    }

    private static async Task WriteDocumentAsync(S3Request request, S3Error error)
    {
        var response = request.Response;
        if (error.Status == StatusCodes.Status503ServiceUnavailable)
        {
            var seconds = error.RetryAfter is { } wait ? Math.Max(1, Math.Ceiling(wait.TotalSeconds)) : RetryAfterSeconds;
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (error.Status == StatusCodes.Status304NotModified)
        {
            response.StatusCode = error.Status;
            return;
        }

        var document = S3Xml.Build("Error", ns: null, xml =>
        {
            xml.Element("Code", error.Code);
            xml.Element("Message", error.Message);
            foreach (var (name, text) in error.Details)
            {
                xml.Element(name, text);
            }

            xml.Element("Resource", request.Resource);
            xml.Element("RequestId", request.Id);
            xml.Element("HostId", request.Id);
        });
        await S3Xml.WriteAsync(request, document, error.Status, request.Http.RequestAborted);
    }

    // The figures are the owner's, and a bucket may admit other writers.
    private static S3Error QuotaError(S3Request request, QuotaRefusal refusal) =>
        S3Errors.QuotaExceeded(refusal, showsFigures: request.Principal.OwnerId == request.Bucket.OwnerId);

    private static S3Error ErrorFor(Exception failure) => failure switch
    {
        S3Exception known => known.Error,
        FileWriteException { Failure: FileWriteFailure.TooLarge } tooLarge => new("EntityTooLarge", 400, tooLarge.Message),
        FileWriteException { Failure: FileWriteFailure.LengthMismatch } => S3Errors.IncompleteBody(),
        FileWriteException write => new("SlowDown", 503, write.Message + " Nothing was kept; try again later."),
        FileUnavailableException unavailable => new("ServiceUnavailable", 503, unavailable.Message + " Try again later."),
        JobQueueUnavailableException unavailable => new("ServiceUnavailable", 503, unavailable.Message),
        NpgsqlException { IsTransient: true } => new("ServiceUnavailable", 503, "The database is unavailable. Try again later."),
        BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } =>
            new("RequestTimeout", 400, "Your socket connection to the server was not read from or written to within the timeout period."),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } tooLarge =>
            new("EntityTooLarge", 400, tooLarge.Message),
        BadHttpRequestException => S3Errors.IncompleteBody(),
        _ => S3Errors.InternalError(),
    };

    [LoggerMessage(Level = LogLevel.Debug, Message = "S3 request {RequestId}: {Method} {Resource} was refused: {Code}")]
    private static partial void LogRefused(ILogger logger, string requestId, string method, string resource, string code);

    [LoggerMessage(Level = LogLevel.Error, Message = "S3 request {RequestId}: {Method} {Resource} failed: {Code}")]
    private static partial void LogFailed(ILogger logger, Exception failure, string requestId, string method, string resource, string code);
}
