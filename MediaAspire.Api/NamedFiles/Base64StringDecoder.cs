using System.Buffers;
using System.Buffers.Text;

namespace MediaAspire.Api.NamedFiles;

/// <summary>Decodes a JSON string of base64 incrementally, from the byte after its opening quote.</summary>
/// <remarks>
/// The alphabet is that of RFC 4648, section 4, with its padding. Spaces and line breaks are skipped, and every JSON escape is understood:
/// some encoders write <c>\/</c>, <c>\u002B</c> or a <c>\n</c> after every 76 characters.
/// </remarks>
internal sealed class Base64StringDecoder : IDisposable
{
    private const int BufferChars = 64 * 1024;

    private static readonly SearchValues<byte> s_special =
        SearchValues.Create([.. Enumerable.Range(0, 0x21).Select(c => (byte)c), (byte)'"', (byte)'\\']);

    private readonly byte[] _chars = ArrayPool<byte>.Shared.Rent(BufferChars);
    private readonly byte[] _bytes = ArrayPool<byte>.Shared.Rent(BufferChars);
    private int _count;
    private int _escape;
    private int _escaped;

    /// <summary>Gets a value indicating whether the closing quote was read.</summary>
    public bool Ended { get; private set; }

    /// <summary>Gets the fault of the string; <see langword="null"/> until one was found.</summary>
    public string? Error { get; private set; }

    /// <summary>Takes bytes until all are taken, the string ends, or <see cref="Decode"/> must be called.</summary>
    /// <returns>The number of bytes taken, including the closing quote and nothing after it.</returns>
    public int Take(ReadOnlySpan<byte> input)
    {
        var taken = 0;
        while (taken < input.Length && _count < BufferChars && !Ended && Error is null)
        {
            if (_escape > 0)
            {
                TakeEscape(input[taken++]);
                continue;
            }

            var plain = input.Slice(taken, Math.Min(input.Length - taken, BufferChars - _count));
            var special = plain.IndexOfAny(s_special);
            if (special >= 0)
            {
                plain = plain[..special];
            }

            plain.CopyTo(_chars.AsSpan(_count));
            _count += plain.Length;
            taken += plain.Length;
            if (special >= 0)
            {
                TakeSpecial(input[taken++]);
            }
        }

        return taken;
    }

    /// <summary>Decodes the bytes taken; before the end of the string, some characters stay for the next call.</summary>
    /// <returns>The bytes; valid until the next call. Empty, with <see cref="Error"/> set, when they are not base64.</returns>
    public ReadOnlyMemory<byte> Decode()
    {
        // Only the last four characters may be padded, and the quote that follows them is not known yet.
        var whole = Ended ? _count : Math.Max(_count - 1, 0) / 4 * 4;
        var status = Base64.DecodeFromUtf8(_chars.AsSpan(0, whole), _bytes, out var consumed, out var written, isFinalBlock: Ended);
        if (status != OperationStatus.Done || consumed != whole)
        {
            Error = "is not valid base64 (RFC 4648, section 4, padded)";
            return default;
        }

        _chars.AsSpan(whole, _count - whole).CopyTo(_chars);
        _count -= whole;
        return _bytes.AsMemory(0, written);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_chars);
        ArrayPool<byte>.Shared.Return(_bytes);
    }

    private void TakeSpecial(byte special)
    {
        switch (special)
        {
            case (byte)'"':
                Ended = true;
                break;
            case (byte)'\\':
                (_escape, _escaped) = (1, 0);
                break;
            case (byte)' ':
                break;
            default:
                Error = "has an unescaped control character";
                break;
        }
    }

    // "\" has been seen for _escape = 1, "\u" and _escape - 2 digits after that.
    private void TakeEscape(byte next)
    {
        if (_escape == 1)
        {
            switch (next)
            {
                case (byte)'u':
                    _escape = 2;
                    return;
                case (byte)'n' or (byte)'r' or (byte)'t':
                    _escape = 0;
                    return;
                case (byte)'/':
                    TakeChar('/');
                    return;
                default:
                    Error = "has an escape sequence that is not a base64 character";
                    return;
            }
        }

        if (!char.IsAsciiHexDigit((char)next))
        {
            Error = "has a malformed escape sequence";
            return;
        }

        _escaped = (_escaped * 16) + Convert.ToInt32(((char)next).ToString(), 16);
        if (_escape++ == 5)
        {
            TakeChar((char)_escaped);
        }
    }

    private void TakeChar(char value)
    {
        _escape = 0;
        switch (value)
        {
            case ' ' or '\n' or '\r' or '\t':
                break;
            case < (char)0x80:
                _chars[_count++] = (byte)value;
                break;
            default:
                Error = "has an escape sequence that is not a base64 character";
                break;
        }
    }
}
