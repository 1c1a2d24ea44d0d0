using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using MediaAspire.Core.Staging;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.NamedFiles;

/// <summary>
/// Reads <c>{"client_id": "…", "name": "…", "data": "base64"}</c> as a stream, with the fields in any order, and stages the data.
/// </summary>
/// <remarks>
/// Only <c>data</c> may be long: its characters are decoded and passed on as they arrive, so memory does not grow with its length.
/// All other tokens go through a <see cref="Utf8JsonReader"/>, which gets an empty string in the place of the data.
/// Unknown fields are skipped. Reading stops in a body longer than <c>maxBytes</c>.
/// </remarks>
internal sealed class NamedFileBody(PipeReader body, StagingWriter staged, long maxBytes)
{
    private const string ClientIdField = "client_id";
    private const string NameField = "name";
    private const string DataField = "data";
    private const int MaxTokenBytes = 64 * 1024;

    private JsonReaderState _state;
    private string? _field;
    private bool _objectEnded;
    private bool _hasData;
    private long _consumed;

    private enum Step
    {
        NeedsMore,
        ReachedData,
        Refused,
    }

    public string? ClientId { get; private set; }

    public string? Name { get; private set; }

    /// <summary>Reads the body to its end.</summary>
    /// <returns>The problem with it; <see langword="null"/> for none.</returns>
    /// <exception cref="StagingException">The data could not be staged.</exception>
    public async Task<ProblemHttpResult?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken);
            var step = Parse(read.Buffer, read.IsCompleted, out var consumed, out var problem);
            _consumed += consumed;
            switch (step)
            {
                case Step.Refused:
                    Leave(read.Buffer);
                    return problem;
                case Step.ReachedData:
                    body.AdvanceTo(read.Buffer.GetPosition(consumed));
                    if (await ReadDataAsync(cancellationToken) is { } refused)
                    {
                        return refused;
                    }

                    break;
                case Step.NeedsMore when read.IsCompleted:
                    Leave(read.Buffer);
                    return FindMissingField();
                default:
                    if (read.Buffer.Length - consumed > MaxTokenBytes)
                    {
                        Leave(read.Buffer);
                        return NamedFileErrors.Malformed($"a token other than data is longer than {MaxTokenBytes} bytes.");
                    }

                    if (_consumed > maxBytes)
                    {
                        Leave(read.Buffer);
                        return NamedFileErrors.BodyTooLarge(maxBytes);
                    }

                    body.AdvanceTo(read.Buffer.GetPosition(consumed), read.Buffer.End);
                    break;
            }
        }
    }

    private Step Parse(in ReadOnlySequence<byte> buffer, bool isLast, out long consumed, out ProblemHttpResult? problem)
    {
        var reader = new Utf8JsonReader(buffer, isLast, _state);
        problem = null;
        try
        {
            while (reader.Read())
            {
                problem = Take(ref reader);
                if (problem is not null || (_field == DataField && reader.CurrentDepth == 1))
                {
                    break;
                }
            }
        }
        catch (JsonException malformed)
        {
            problem = NamedFileErrors.Malformed(malformed.Message);
        }

        _state = reader.CurrentState;
        consumed = reader.BytesConsumed;
        return problem is not null ? Step.Refused : _field == DataField ? Step.ReachedData : Step.NeedsMore;
    }

    private ProblemHttpResult? Take(ref Utf8JsonReader reader)
    {
        if (reader.CurrentDepth == 0)
        {
            _objectEnded = reader.TokenType == JsonTokenType.EndObject;
            return _objectEnded || reader.TokenType == JsonTokenType.StartObject
                ? null
                : NamedFileErrors.Malformed("expected a JSON object.");
        }

        if (reader.CurrentDepth > 1)
        {
            return null;
        }

        if (reader.TokenType == JsonTokenType.PropertyName)
        {
            return TakeField(ref reader);
        }

        return _field is null ? null : TakeValue(ref reader);
    }

    private ProblemHttpResult? TakeField(ref Utf8JsonReader reader)
    {
        _field = reader.ValueTextEquals(ClientIdField) ? ClientIdField
            : reader.ValueTextEquals(NameField) ? NameField
            : reader.ValueTextEquals(DataField) ? DataField
            : null;

        var repeated = _field switch
        {
            ClientIdField => ClientId is not null,
            NameField => Name is not null,
            DataField => _hasData,
            _ => false,
        };
        return repeated ? NamedFileErrors.RepeatedField(_field!) : null;
    }

    private ProblemHttpResult? TakeValue(ref Utf8JsonReader reader)
    {
        var field = _field!;
        _field = null;
        if (reader.TokenType != JsonTokenType.String)
        {
            return NamedFileErrors.InvalidField(field, "is not a string");
        }

        string text;
        try
        {
            text = reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return NamedFileErrors.InvalidField(field, "is not valid UTF-8, or has an unpaired surrogate");
        }

        var isName = field == NameField;
        if (isName)
        {
            Name = text;
        }
        else
        {
            ClientId = text;
        }

        return FileNames.Check(text, isName ? FileNames.MaxNameBytes : FileNames.MaxClientIdBytes) is { } reason
            ? NamedFileErrors.InvalidField(field, reason)
            : null;
    }

    private async Task<ProblemHttpResult?> ReadDataAsync(CancellationToken cancellationToken)
    {
        (_field, _hasData) = (null, true);
        if (await FindStringAsync(cancellationToken) is { } problem)
        {
            return problem;
        }

        using var decoder = new Base64StringDecoder();
        while (!decoder.Ended)
        {
            var read = await body.ReadAsync(cancellationToken);
            if (await StageAsync(read.Buffer, decoder, cancellationToken) is { } refused)
            {
                return refused;
            }

            if (_consumed > maxBytes)
            {
                return NamedFileErrors.BodyTooLarge(maxBytes);
            }

            if (read.IsCompleted && !decoder.Ended)
            {
                return NamedFileErrors.Malformed("the body ends inside data.");
            }
        }

        SkipDataInState();
        return null;
    }

    /// <summary>Decodes and stages the bytes that have arrived, up to the end of the string.</summary>
    private async Task<ProblemHttpResult?> StageAsync(
        ReadOnlySequence<byte> buffer, Base64StringDecoder decoder, CancellationToken cancellationToken)
    {
        long consumed = 0;
        try
        {
            foreach (var segment in buffer)
            {
                for (var rest = segment; !rest.IsEmpty && !decoder.Ended;)
                {
                    var taken = decoder.Take(rest.Span);
                    (rest, consumed) = (rest[taken..], consumed + taken);
                    await staged.WriteAsync(decoder.Decode(), cancellationToken);
                    if (decoder.Error is { } reason)
                    {
                        return NamedFileErrors.InvalidField(DataField, reason);
                    }
                }
            }

            return null;
        }
        finally
        {
            // In every case: the server reads the rest of a refused body itself, and cannot while a read is still open.
            body.AdvanceTo(buffer.GetPosition(consumed));
            _consumed += consumed;
        }
    }

    /// <summary>Stops reading a body; the server reads the rest itself.</summary>
    private void Leave(in ReadOnlySequence<byte> buffer) => body.AdvanceTo(buffer.End);

    /// <summary>Skips white space and the opening quote.</summary>
    private async Task<ProblemHttpResult?> FindStringAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            if (SkipWhiteSpace(buffer) is { } start)
            {
                if (buffer.Slice(start).FirstSpan[0] != (byte)'"')
                {
                    Leave(buffer);
                    return NamedFileErrors.InvalidField(DataField, "is not a string");
                }

                body.AdvanceTo(buffer.GetPosition(1, start));
                return null;
            }

            body.AdvanceTo(buffer.End);
            if (read.IsCompleted)
            {
                return NamedFileErrors.Malformed("the body ends before the value of data.");
            }
        }
    }

    private static SequencePosition? SkipWhiteSpace(in ReadOnlySequence<byte> buffer)
    {
        var reader = new SequenceReader<byte>(buffer);
        reader.AdvancePastAny((byte)' ', (byte)'\t', (byte)'\r', (byte)'\n');
        return reader.End ? null : reader.Position;
    }

    private void SkipDataInState()
    {
        var reader = new Utf8JsonReader("\"\""u8, isFinalBlock: false, _state);
        reader.Read();
        _state = reader.CurrentState;
    }

    private ProblemHttpResult? FindMissingField() =>
        !_objectEnded ? NamedFileErrors.Malformed("the body is truncated.")
        : ClientId is null ? NamedFileErrors.MissingField(ClientIdField)
        : Name is null ? NamedFileErrors.MissingField(NameField)
        : !_hasData ? NamedFileErrors.MissingField(DataField)
        : null;
}
